"""What others plug into the collector: called in its process, after the readings are safe and the latest state is new.

A hook must be quick (milliseconds a batch of thousands) and must not raise for one bad reading; what it raises is
logged, and the collector goes on.
"""

from collections.abc import Callable, Sequence

from zhicheng.core.telemetry.values import Flood, ReadingBatch, UnknownStream
from zhicheng.kit.registry import Registry

after_batch: Registry[Callable[[ReadingBatch], None]] = Registry("after_batch hook")
unknown_streams: Registry[Callable[[Sequence[UnknownStream]], None]] = Registry("unknown_streams hook")
floods: Registry[Callable[[Sequence[Flood]], None]] = Registry("floods hook")

"""The door of telemetry: devices, readings, alarms."""

from zhicheng.core.telemetry.gate.jetstream import Connection as BrokerConnection
from zhicheng.core.telemetry.gate.jetstream import ensure_stream
from zhicheng.core.telemetry.gate.passwords import change_secret, device_secret, lock_out, may_connect
from zhicheng.core.telemetry.operations.bulk import accept_bulk
from zhicheng.core.telemetry.operations.ingesting import accept_readings, forget_streams, register_streams
from zhicheng.core.telemetry.operations.process import Collecting, load_streams
from zhicheng.core.telemetry.operations.tending import tend_observations
from zhicheng.core.telemetry.queries.history import history
from zhicheng.core.telemetry.queries.latest import counts_of, find_streams_of, latest_of, silent_since
from zhicheng.core.telemetry.registry import after_batch, floods, unknown_streams

__all__ = [
    "BrokerConnection",
    "Collecting",
    "accept_bulk",
    "accept_readings",
    "after_batch",
    "change_secret",
    "counts_of",
    "device_secret",
    "ensure_stream",
    "find_streams_of",
    "floods",
    "forget_streams",
    "history",
    "latest_of",
    "load_streams",
    "lock_out",
    "may_connect",
    "register_streams",
    "silent_since",
    "tend_observations",
    "unknown_streams",
]

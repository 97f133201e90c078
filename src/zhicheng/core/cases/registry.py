"""What apps tell cases about their processes: cases know no department."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.core.cases.values import CaseRow, Preparation
from zhicheng.core.parties.values import Actor
from zhicheng.kit.registry import Registry

Prepare = Callable[[CaseRow, str, Mapping[str, Any], Actor, datetime], Preparation]


@dataclass(frozen=True)
class ProcessHooks:
    """How an app takes part in the processes it owns.

    `prepare(case, action, input, actor, now)` runs with the case locked, before the engine: it looks up what the
    action's expressions need. It must not write, and it runs inside the transaction: keep it to cached look-ups.
    """

    prepare: Prepare


Columns = Callable[[Sequence[UUID]], Mapping[UUID, Mapping[str, Any]]]


process_hooks: Registry[ProcessHooks] = Registry("process hooks")

case_columns: Registry[Columns] = Registry("case columns")
"""What apps know of their cases besides, for the columns of the lake's `case` that they fill: nothing personal."""

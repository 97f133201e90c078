"""What cases do when something happened, and how they become rows of the lake."""

from zhicheng.core.cases.operations.notifying import tell
from zhicheng.core.cases.queries.projected import read_cases, read_clocks, read_steps, walk_cases, walk_steps
from zhicheng.core.lake.public import Projection, project
from zhicheng.core.ledger.public import subscribe
from zhicheng.core.ledger.values import Event


def step_key(event: Event) -> tuple[str, ...]:
    """An event of a case has the identifier of its line in the history."""
    return (str(event.id),)


subscribe("cases.", "cases.notices", tell)
project(Projection("case", read_cases, walk_cases, ("cases.",)))
project(Projection("case_clock", read_clocks, walk_cases, ("cases.",)))
project(Projection("case_step", read_steps, walk_steps, ("cases.",), step_key, lasting=True))

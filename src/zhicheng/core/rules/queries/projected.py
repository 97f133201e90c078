"""Runs over a population as rows of the lake: how many got which outcome of each rule; nobody in particular."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from zhicheng.core.rules.models import RuleRun

VERDICT_TABLE = "verdict"
_OUTCOMES = ("yes", "no", "unknown", "values", "failed")
_CODES = {"values": "value"}


def read_verdicts(keys: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The rows of table `verdict`, given runs: one for each rule and outcome that somebody got."""
    for run in RuleRun.objects.filter(pk__in=list(keys)):
        head = {"run_id": str(run.id), "entity": run.entity, "on_date": run.on_date, "at": run.at}
        for tally in run.tallies:
            yield from ({**head, **_verdict(run.id, tally, outcome)} for outcome in _OUTCOMES if tally[outcome])


def _verdict(run: UUID, tally: Mapping[str, Any], outcome: str) -> dict[str, Any]:
    code = _CODES.get(outcome, outcome)
    total = float(tally["total"]) if outcome == "values" and tally["total"] is not None else None
    verdict_id = f"{run}/{tally['rule']}/{code}"
    return {
        "verdict_id": verdict_id,
        "rule": tally["rule"],
        "outcome": code,
        "people": tally[outcome],
        "total": total,
    }


def walk_runs(after: str, count: int) -> list[str]:
    """Identifiers of runs after one, in order."""
    found = RuleRun.objects.filter(pk__gt=UUID(after) if after else UUID(int=0)).order_by("pk")
    return [str(key) for key in found.values_list("pk", flat=True)[:count]]

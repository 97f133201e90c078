"""Verdicts of old runs: their table in the lake goes, the run with its tallies and hash stays."""

from datetime import datetime

from zhicheng.core.lake.public import sweep_tables

VERDICTS = "verdicts_"


def sweep_verdicts(*, before: datetime, now: datetime) -> int:
    """Remove the tables of runs from before an instant; how many. Any run can be computed again."""
    return sweep_tables(VERDICTS, before=before, now=now)

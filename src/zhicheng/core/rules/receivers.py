"""How runs of rules become rows of the lake."""

from zhicheng.core.lake.public import Projection, project
from zhicheng.core.rules.queries.projected import VERDICT_TABLE, read_verdicts, walk_runs

project(Projection(VERDICT_TABLE, read_verdicts, walk_runs))

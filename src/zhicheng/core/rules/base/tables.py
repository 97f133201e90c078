"""`rules/tables/*.csv`: decision tables. Every column but `result` and `note` is an input: a fact or an expression."""

from dataclasses import dataclass
from pathlib import Path

from zhicheng.core.packs.public import Fault, Loaded, Row, read_csv
from zhicheng.engines.rules.values import HitPolicy, TableRow, TableText

FOLDER = "rules/tables"
TABLES = "rule_tables"
RESULT, NOTE = "result", "note"


@dataclass(frozen=True)
class TableFile:
    """A table as read: its inputs by their headers, its rows."""

    name: str
    inputs: tuple[str, ...]
    rows: tuple[Row, ...]

    def text(self, policy: HitPolicy, otherwise: str) -> TableText:
        """The table under a hit policy, which the rule that uses it gives."""
        rows = tuple(
            TableRow(row.line, tuple(row.values[name] for name in self.inputs), row.values[RESULT]) for row in self.rows
        )
        return TableText(policy, self.inputs, rows, otherwise)


def load(root: Path) -> Loaded:
    """Read every file; a pack without the folder has no tables."""
    tables: dict[str, TableFile] = {}
    faults: list[Fault] = []
    for path in sorted((root / FOLDER).glob("*.csv")):
        relative = path.relative_to(root).as_posix()
        rows, found = read_csv(root, relative, filled=True)
        faults += found
        if not rows:
            continue
        if RESULT not in rows[0].values:
            hint = "结果列的表头写 result，其余各列是条件。"
            faults.append(Fault(relative, 1, "csv.missing_column", "表头缺少列：result。", hint))
            continue
        inputs = tuple(name for name in rows[0].values if name not in (RESULT, NOTE))
        tables[path.name] = TableFile(path.name, inputs, tuple(rows))
    return Loaded(tables, faults)

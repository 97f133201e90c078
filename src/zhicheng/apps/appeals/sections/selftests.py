"""Tests of a pack that a lawyer can read: text → item, place and item → unit, start and limit → due."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from zhicheng.apps.appeals.policy import Directory, ResponsibilityList, Taxonomy, resolve
from zhicheng.apps.appeals.sections.taxonomy import stored_row
from zhicheng.apps.appeals.values import Responsibility
from zhicheng.core.cases.public import calendar_from
from zhicheng.core.packs.public import PackSource, test_kinds
from zhicheng.core.parties.values import Unit, UnitTree
from zhicheng.core.places.public import standing_levels
from zhicheng.engines.statetable.clocks import start_clock
from zhicheng.engines.text.classifier import ClassifierModel
from zhicheng.engines.text.training import FEW_EXAMPLES, Example, Hint, TextClassifier
from zhicheng.kit.clock import CHINA


def check_dispatch(test: Mapping[str, Any], pack: PackSource) -> str | None:
    """`given: {item, divisions: [finest … city]}`, `expect: unit code`."""
    directory = _directory(_Key(pack))
    lines = {division.value.code: division.value for division in pack.values["divisions"]}
    known = [(code, lines[code].level) for code in map(str, test["given"]["divisions"]) if code in lines]
    parents = {line.parent for line in lines.values()}
    divisions = standing_levels(known, has_finer=bool(known) and known[0][0] in parents)
    unit, reasons = resolve(directory.taxonomy.get(test["given"]["item"]), divisions, directory)
    return None if unit == test["expect"] else f"分到了 {unit}，应是 {test['expect']}({';'.join(reasons)})"


def check_deadline(test: Mapping[str, Any], pack: PackSource) -> str | None:
    """`given: {start, limit}`, `expect: due`; instants without a zone are China time."""
    body = pack.values["calendars"].body()
    clock = start_clock(
        "test", test["given"]["limit"], _instant(test["given"]["start"]), {"working": calendar_from(body)}
    )
    wanted = _instant(test["expect"])
    return (
        None
        if clock.due_at == wanted
        else f"算出 {clock.due_at.astimezone(CHINA):%Y-%m-%d %H:%M}，应是 {test['expect']}"
    )


def check_classify(test: Mapping[str, Any], pack: PackSource) -> str | None:
    """`given: {text}`, `expect: item`: among the three likeliest, as the call desk shows them."""
    text = test["given"]["text"] if isinstance(test["given"], Mapping) else test["given"]
    found = [label for label, _ in _model(_Key(pack)).predict(str(text), top=3)]
    return None if test["expect"] in found else f"三个候选是 {'、'.join(found)}，应含 {test['expect']}"


class _Key:
    """A pack as a cache key: its own identity."""

    def __init__(self, pack: PackSource) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return hash((str(self.pack.root), id(self.pack.values)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.pack.values is self.pack.values


@lru_cache(maxsize=1)
def _directory(key: _Key) -> Directory:
    values = key.pack.values
    taxonomy = Taxonomy([stored_row(item.value) for item in values["taxonomy"]])
    fields = {"item", "area", "lead", "assist"}
    lines = [Responsibility(**item.value.model_dump(include=fields)) for item in values["responsibilities"]]
    units = [_unit(item.value) for item in values["units"]]
    return Directory(taxonomy, ResponsibilityList(lines), UnitTree(units), "", "", 1.0)


@lru_cache(maxsize=1)
def _model(key: _Key) -> ClassifierModel:
    values = key.pack.values
    examples = [Example(item.value.text, item.value.item) for item in values["examples"]]
    hints = [Hint(row.code, row.label, tuple(row.words)) for row in _leaves(values["taxonomy"])]
    return TextClassifier(FEW_EXAMPLES).train(examples, hints, seed=1)


def _leaves(items: Sequence[Any]) -> list[Any]:
    return [item.value for item in items if item.value.level == 3]


def _unit(row: Any) -> Unit:
    return Unit(
        row.code, row.name, row.kind, row.parent or None, row.division, row.function, row.ended_date, row.successor
    )


def _instant(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=CHINA)


test_kinds.add("dispatch", check_dispatch)
test_kinds.add("deadline", check_deadline)
test_kinds.add("classify", check_classify)

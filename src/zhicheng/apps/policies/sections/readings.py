"""`readings/*.yaml`: policies in plain words, each statement with the clauses it rests on and no figure but theirs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.policies.policy import missing_figures
from zhicheng.apps.policies.queries.readings import READINGS
from zhicheng.apps.policies.values import About
from zhicheng.core.packs.public import (
    Fault,
    Item,
    Loaded,
    PackSource,
    Section,
    parse_items,
    pin_definition,
    read_yaml_rows,
    sections,
)

FOLDER = "readings"
_ClauseCode = Annotated[str, Field(min_length=1, max_length=24)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StatementRow(_Row):
    """One statement."""

    about: About
    ask: str = Field(default="", max_length=40)
    text: str = Field(min_length=6, max_length=120)
    clauses: list[_ClauseCode] = Field(min_length=1, max_length=4)


class ReadingRow(_Row):
    """The reading of one version."""

    policy: str
    version: str
    statements: list[StatementRow] = Field(min_length=4, max_length=10)


def load(root: Path) -> Loaded:
    """Read every file of the folder; a pack without it explains nothing."""
    items: list[Item[ReadingRow]] = []
    faults: list[Fault] = []
    for path in sorted((root / FOLDER).glob("*.yaml")):
        rows, found = read_yaml_rows(root, f"{FOLDER}/{path.name}")
        parsed, wrong = parse_items(rows, ReadingRow)
        items += parsed
        faults += [*found, *wrong]
    return Loaded(items, faults)


def check(value: list[Item[ReadingRow]], pack: PackSource) -> Iterator[Fault]:
    """Every version is read once, every clause exists, every figure stands in a clause that the statement names."""
    known = {
        (policy.value.code, version.code): {clause.code: clause.text for clause in version.clauses}
        for policy in pack.values.get("policies") or ()
        for version in policy.value.versions
    }
    policies = {code for code, _ in known}
    seen = set[tuple[str, str]]()
    for item in value:
        row = item.value
        if row.policy not in policies:
            yield item.fault("readings.policy", f"没有政策 {row.policy}。", "请改正政策代码。", key="policy")
            continue
        if (row.policy, row.version) not in known:
            message = f"政策 {row.policy} 没有版本 {row.version}。"
            yield item.fault("readings.version", message, "请改正版本代码，并加引号。", key="version")
            continue
        if (row.policy, row.version) in seen:
            message = f"政策 {row.policy} 的版本 {row.version} 有两份解读。"
            yield item.fault("readings.duplicate", message, "只留一份。", key="policy")
        seen.add((row.policy, row.version))
        for index, statement in enumerate(row.statements):
            yield from _check_statement(item, index, statement, known[(row.policy, row.version)])


def _check_statement(
    item: Item[ReadingRow], index: int, statement: StatementRow, clauses: Mapping[str, str]
) -> Iterator[Fault]:
    key = f"statements.{index}"
    unknown = [code for code in statement.clauses if code not in clauses]
    for code in unknown:
        message = f"这一版政策没有条款 {code}。"
        yield item.fault("readings.clause", message, "请写 policies/*.yaml 里的条款代码。", key=f"{key}.clauses")
    texts = [clauses[code] for code in statement.clauses if code in clauses]
    for words in [] if unknown else _foreign_figures(statement, texts):
        message = f"解读里的“{words}”在所依据的条款里没有。"
        hint = "数字、金额、期限要和条款一致；条款是对的就改解读，或者补上依据的条款。"
        yield item.fault("readings.figure", message, hint, key=f"{key}.text")


def _foreign_figures(statement: StatementRow, texts: Sequence[str]) -> list[str]:
    return missing_figures(f"{statement.ask}。{statement.text}", texts)


def install(value: list[Item[ReadingRow]], _pack: PackSource, now: datetime) -> None:
    """Pin the readings as one definition."""
    rows = [item.value.model_dump(mode="json") for item in value]
    pin_definition(READINGS, READINGS, {"readings": rows}, label="政策解读", now=now)


def describe(value: list[Item[ReadingRow]]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every reading with its statements."""
    for item in value:
        row = item.value
        said = "；".join(statement.text for statement in row.statements)
        yield "政策解读", f"{row.policy}@{row.version}", row.policy, {"内容": said}


sections.add("readings", Section("readings", "政策解读", load, check, install, describe))

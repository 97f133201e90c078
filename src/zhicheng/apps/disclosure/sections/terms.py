"""`disclosure.yaml`: the types of answers, grounds, remedies and report lines that the regulation knows."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.disclosure.operations.submitting import PROCESS
from zhicheng.apps.disclosure.queries.terms import TERMS
from zhicheng.core.packs.public import Fault, Item, Loaded, PackSource, Section, load_file, pin_definition, sections

FILE = "disclosure.yaml"
CODE = r"^[a-z][a-z_]*$"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RemedyRow(_Row):
    """How an answer is contested."""

    text: str = Field(min_length=10)
    source: str = Field(min_length=4)


class DecisionRow(_Row):
    """A type of answer."""

    code: str = Field(pattern=CODE, max_length=24)
    label: str = Field(min_length=2, max_length=60)
    article: str = Field(min_length=3, max_length=60)
    report: str
    remedy: Literal["either", "review_first"]
    ground: bool = False
    after_supplement: bool = False


class GroundRow(_Row):
    """A reason for not disclosing."""

    code: str = Field(pattern=CODE, max_length=24)
    label: str = Field(min_length=2, max_length=60)
    article: str = Field(min_length=3, max_length=60)
    report: str


class LineRow(_Row):
    """A line of the yearly report."""

    code: str = Field(pattern=CODE, max_length=24)
    label: str = Field(min_length=2, max_length=80)


class TermsRow(_Row):
    """The whole file."""

    regulation: str = Field(min_length=4)
    remedies: dict[Literal["either", "review_first"], RemedyRow]
    decisions: list[DecisionRow] = Field(min_length=1)
    grounds: list[GroundRow] = Field(min_length=1)
    report: list[LineRow] = Field(min_length=1)


Value = Item[TermsRow] | None


def load(root: Path) -> Loaded:
    """Read the terms; a pack without them takes no requests."""
    return load_file(root, FILE, TermsRow)


def check(value: Value, pack: PackSource) -> Iterator[Fault]:
    """Codes are unique, report lines and remedies exist, and the process offers exactly these answers."""
    if value is None:
        return
    yield from _check_codes(value)
    yield from _check_references(value)
    yield from _check_process(value, pack)


def _check_codes(value: Item[TermsRow]) -> Iterator[Fault]:
    terms = value.value
    for key, rows in (("decisions", terms.decisions), ("grounds", terms.grounds), ("report", terms.report)):
        codes = [row.code for row in rows]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield value.fault("disclosure.duplicate", f"代码 {code} 写了两次。", "只留一处。", key=key)


def _check_references(value: Item[TermsRow]) -> Iterator[Fault]:
    terms = value.value
    lines = {line.code for line in terms.report}
    named = [
        *((f"decisions.{index}.report", row.report) for index, row in enumerate(terms.decisions)),
        *((f"grounds.{index}.report", row.report) for index, row in enumerate(terms.grounds)),
    ]
    for key, line in named:
        if line not in lines and not (line == "ground" and key.startswith("decisions")):
            yield value.fault(
                "disclosure.unknown_line", f"年度报告没有 {line} 这一行。", "请在 report 里补上。", key=key
            )
    for index, decision in enumerate(terms.decisions):
        if decision.remedy not in terms.remedies:
            message = f"没有救济途径 {decision.remedy}。"
            key = f"decisions.{index}.remedy"
            yield value.fault("disclosure.unknown_remedy", message, "请在 remedies 里补上。", key=key)


def _check_process(value: Item[TermsRow], pack: PackSource) -> Iterator[Fault]:
    """What an official can choose is what the terms explain."""
    files = pack.values.get("processes") or ()
    process = next((file.process for file in files if file.process.code == PROCESS), None)
    if process is None or "decide" not in process.actions:
        hint = "请在 processes/disclosure.yaml 里写流程，动作 decide 里写答复类型。"
        yield value.fault("disclosure.no_process", "有依申请公开的条款，没有它的流程。", hint)
        return
    fields = {field.code: {code for code, _ in field.choices} for field in process.actions["decide"].fields}
    known: dict[str, list[Any]] = {"decision": value.value.decisions, "ground": value.value.grounds}
    for name, rows in known.items():
        codes = {row.code for row in rows}
        for code in sorted(codes ^ fields.get(name, set())):
            where = "流程里没有" if code in codes else "条款里没有"
            yield value.fault(
                "disclosure.mismatch",
                f"答复选项 {code} 在{where}。",
                "流程的选项要和 disclosure.yaml 一致。",
                key=f"{name}s",
            )


def install(value: Value, _pack: PackSource, now: datetime) -> None:
    """Pin the terms."""
    if value is not None:
        pin_definition(TERMS, TERMS, value.value.model_dump(mode="json"), label="依申请公开", now=now)


def describe(value: Value) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every type of answer and ground."""
    if value is None:
        return
    for kind, rows in _kinds(value.value).items():
        for row in rows:
            yield kind, row.code, row.label, {"依据": row.article, "年报": row.report}


def _kinds(terms: TermsRow) -> dict[str, list[Any]]:
    return {"公开答复类型": terms.decisions, "不予公开理由": terms.grounds}


sections.add("disclosure", Section("disclosure", "依申请公开", load, check, install, describe))

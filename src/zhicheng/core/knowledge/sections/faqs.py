"""`faqs/*.yaml`: everyday questions, how people ask them, and the answer with its source."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.knowledge.operations.documents import put_documents
from zhicheng.core.knowledge.registry import known_references
from zhicheng.core.knowledge.values import DocumentText
from zhicheng.core.packs.public import (
    Fault,
    Item,
    Loaded,
    PackSource,
    Section,
    parse_items,
    read_yaml_rows,
    sections,
)

FAQS = "faqs"
_CODE = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$"
_REFERENCES = {"services": "事项", "policies": "政策", "benefits": "补贴"}
Wording = Annotated[str, Field(min_length=2, max_length=200)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class SourceRow(_Row):
    """What the answer rests on."""

    title: Annotated[str, Field(min_length=2, max_length=120)]
    clause: Annotated[str, Field(max_length=60)] = ""
    link: Annotated[str, Field(max_length=300)] = ""


class FaqRow(_Row):
    """A question and its answer."""

    code: Annotated[str, Field(pattern=_CODE, max_length=120)]
    question: Annotated[str, Field(min_length=4, max_length=120)]
    asked: tuple[Wording, ...] = ()
    answer: Annotated[str, Field(min_length=10, max_length=2000)]
    services: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    benefits: tuple[str, ...] = ()
    department: str
    audience: tuple[Literal["person", "company"], ...] = ()
    region: str = ""
    source: SourceRow
    from_date: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    illustrative: bool = False


FaqItem = Item[FaqRow]


def register() -> None:
    """Register the section."""
    sections.add(FAQS, Section(FAQS, "常见问题", load, check, install, describe))


def load(root: Path) -> Loaded:
    """Every entry of every file; a pack without the folder has none."""
    items: list[FaqItem] = []
    faults: list[Fault] = []
    for path in sorted((root / FAQS).glob("*.yaml")):
        rows, found = read_yaml_rows(root, path.relative_to(root).as_posix())
        parsed, wrong = parse_items(rows, FaqRow)
        items += parsed
        faults += [*found, *wrong]
    return Loaded(items, faults)


def check(items: Sequence[FaqItem], pack: PackSource) -> Iterator[Fault]:
    """Codes and questions are unique, days in order, and what an entry names exists."""
    yield from _check_unique(items, "code", "代码")
    yield from _check_unique(items, "question", "问题")
    for item in items:
        first, last = item.value.from_date, item.value.until
        if first and last and last < first:
            yield item.fault("faqs.days", "until 早于 from。", "请改正日期，或删去 until。", key="until")
    yield from _check_departments(items, pack)
    for kind, label in _REFERENCES.items():
        known = known_references[kind](pack) if kind in known_references else None
        if known is not None:
            yield from _check_references(items, kind, label, known)


def install(items: Sequence[FaqItem], _pack: PackSource, now: datetime) -> None:
    """Put every entry; those that the pack no longer has are removed."""
    put_documents(FAQS, [document_of(item.value) for item in items], now=now)


def describe(items: Sequence[FaqItem]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every entry."""
    for item in items:
        row = item.value
        yield "常见问题", row.code, row.question, {"答复": row.answer, "依据": row.source.title}


def document_of(row: FaqRow) -> DocumentText:
    """An entry as a document: its question is the title, what people say are its other wordings."""
    references = {
        "services": row.services,
        "policies": row.policies,
        "benefits": row.benefits,
        "department": (row.department,),
    }
    return DocumentText(
        code=f"faq:{row.code}",
        kind="faq",
        title=row.question,
        also=row.asked,
        sections=(((), row.answer),),
        source=" ".join(filter(None, (row.source.title, row.source.clause))),
        link=row.source.link,
        audience=row.audience,
        region=row.region,
        valid_from=row.from_date,
        valid_until=row.until,
        refs={name: codes for name, codes in references.items() if codes},
    )


def _check_unique(items: Sequence[FaqItem], key: str, label: str) -> Iterator[Fault]:
    first: dict[str, FaqItem] = {}
    for item in items:
        value = getattr(item.value, key)
        other = first.setdefault(value, item)
        if other is not item:
            message = f"{label}“{value}”已经在 {other.row.file} 第 {other.row.line} 行。"
            yield item.fault("faqs.duplicate", message, "请合并两条，或者改一个。", key=key)


def _check_departments(items: Sequence[FaqItem], pack: PackSource) -> Iterator[Fault]:
    functions = {unit.value.function for unit in pack.values.get("units") or ()}
    for item in items:
        if functions and item.value.department not in functions:
            message = f"没有职能为 {item.value.department} 的单位。"
            yield item.fault("faqs.unknown_department", message, "请写 units.csv 里的 function。", key="department")


def _check_references(items: Sequence[FaqItem], kind: str, label: str, known: frozenset[str]) -> Iterator[Fault]:
    for item in items:
        for index, code in enumerate(getattr(item.value, kind)):
            if code not in known:
                message, hint = f"没有{label} {code}。", "请改正代码，或删去。"
                yield item.fault(f"faqs.unknown_{kind}", message, hint, key=f"{kind}.{index}")

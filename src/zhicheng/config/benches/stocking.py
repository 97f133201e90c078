"""Documents in bulk for `zhicheng bench assistant`: rules of districts and streets that nobody has ever issued.

They are put together from clauses of what the city knows already, always the same ones, and marked as simulated.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zhicheng.core.knowledge.public import list_documents, put_documents
from zhicheng.core.knowledge.values import DocumentText
from zhicheng.core.places.public import list_divisions
from zhicheng.engines.text.passages import LONGEST, cut_passages
from zhicheng.kit.clock import now

SOURCE = "bench"
_SEED = 4
_HEADINGS = (
    "一、适用范围", "二、办理条件", "三、申请材料", "四、办理流程", "五、时限和费用", "六、发放和结果",
    "七、特殊情形", "八、监督检查", "九、信息公开", "十、咨询和投诉", "十一、衔接规定", "十二、附则",
)  # fmt: skip
_FORMS = ("实施细则", "申报指南", "工作方案")
_SCOPE = "{place}范围内的{topic}适用本文件。"
_CLAUSE = re.compile(r"[，,；;。：:]")


@dataclass(frozen=True)
class Place:
    """A division that could issue rules."""

    code: str
    name: str


def stock(passages: int) -> dict[str, Any]:
    """Fill up the knowledge of the city whose environment this is to so many passages; titles of what was added."""
    known = list_documents()
    districts = list_divisions()
    streets = [row for district in districts for row in list_divisions(district.code)]
    places = [Place(row.code, row.name) for row in (*districts, *streets)]
    held = sum(len(cut_passages(document.sections)) for document in known)
    made = list(simulated_documents(known, places, passages - held))
    figures = put_documents(SOURCE, made, now=now())
    return {"passages": passages, "own_passages": held, "simulated_documents": figures.changed}


def simulated_documents(
    known: Sequence[DocumentText], places: Sequence[Place], passages: int
) -> Iterator[DocumentText]:
    """Documents with exactly so many passages in all, about what the `known` ones are about, place by place."""
    chance = random.Random(_SEED)  # noqa: S311  # the same documents every time
    topics = sorted({document.title for document in known if document.kind == "policy"})
    texts = [text for document in known for _, text in document.sections]
    clauses = sorted({part for text in texts for part in _CLAUSE.split(text.strip()) if 4 <= len(part) <= 40})
    named = [(place, topic, form) for form in _FORMS for topic in topics for place in places]
    number = 0
    while passages > 0:
        place, topic, form = named[number % len(named)]
        count = min(len(_HEADINGS), passages)
        made = [_passage(chance, clauses) for _ in range(count)]
        made[0] = _SCOPE.format(place=place.name, topic=topic) + made[0]
        yield _document(number, place, f"{place.name}{topic}{form}", made)
        passages -= count
        number += 1


def _document(number: int, place: Place, title: str, texts: Sequence[str]) -> DocumentText:
    return DocumentText(
        code=f"simulated:{number:05d}",
        kind="policy",
        title=title,
        also=(f"{title}怎么申报", f"{title}有什么规定"),
        sections=tuple(((heading,), text) for heading, text in zip(_HEADINGS, texts, strict=False)),
        source=f"模拟文件第 {number + 1} 号（只用于测量）",
        region=place.code,
    )


def _passage(chance: random.Random, clauses: Sequence[str]) -> str:
    """Sentences of two to four clauses each that make one passage, with room for one more."""
    text, size = "", chance.randint(150, LONGEST - 160)
    while len(text) < size:
        text += "，".join(chance.choices(clauses, k=chance.randint(2, 4))) + "。"
    return text[: LONGEST - 80]

"""How right the search is: documents and questions from files, through the index that the city uses. No database."""

import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zhicheng.config.environment import pack_root
from zhicheng.core.inference.public import get_embedder
from zhicheng.core.knowledge.public import DocumentText, Hit, KnowledgeIndex, SearchQuery
from zhicheng.core.knowledge.sections.synonyms import read_synonyms
from zhicheng.engines.text.questions import Sayings
from zhicheng.kit.clock import CHINA, now

_DEPTHS = (1, 3, 5, 10)
_ANSWER_CHARACTERS = 15
_TITLE = re.compile(r"^[^\s。！？!?]{1,60}")


class RowRefused(ValueError):
    """A row of an input file cannot be used; says where and why."""


@dataclass(frozen=True)
class Question:
    """A question, the document that answers it, and the answer's text where the file has it."""

    text: str
    document: str
    answer: str


def measure(
    documents: Path, questions: Path, *, say: Callable[[str], None], list_misses: bool = False
) -> dict[str, Any]:
    """Index, ask, count.

    Raises:
        OSError: a file cannot be read.
        RowRefused: a line is not what it should be.
    """
    texts = {document.code: document for document in read_documents(documents)}
    asked = list(read_questions(questions))
    if not texts or not asked:
        raise RowRefused("文档文件或问题文件没有数据。")
    with tempfile.TemporaryDirectory() as folder:
        started_s = time.perf_counter()
        index = KnowledgeIndex.build(Path(folder), texts.values(), embedder=get_embedder())
        index_seconds = time.perf_counter() - started_s
        say(f"已为 {len(texts)} 篇文档建立索引，用时 {index_seconds:.1f} 秒")
        found, seconds = _ask(index, asked)
    if list_misses:
        for question, hits in zip(asked, found, strict=True):
            _say_miss(question, hits, texts, say)
    return {
        **_figures(asked, found, texts),
        "p99_ms": round(float(np.percentile(seconds, 99)) * 1000, 2),
        "p50_ms": round(float(np.percentile(seconds, 50)) * 1000, 2),
        "index_seconds": round(index_seconds, 2),
        "load_1m": round(os.getloadavg()[0], 2),
    }


def read_documents(path: Path) -> Iterator[DocumentText]:
    """Rows with `docid`, `text` and perhaps `title`, `also` (a list), as documents.

    Raises:
        OSError: the file cannot be read.
        RowRefused: a line is not such a row.
    """
    for place, row in _rows(path):
        code, text = _text(row, "docid", place), _text(row, "text", place)
        also = row.get("also") or ()
        title = str(row.get("title") or "") or title_of(text)
        yield DocumentText(code, "document", title, tuple(map(str, also)), (((), text),))


def read_questions(path: Path) -> Iterator[Question]:
    """Rows with `docid`, `question` and perhaps `answer`.

    Raises:
        OSError: the file cannot be read.
        RowRefused: a line is not such a row.
    """
    for place, row in _rows(path):
        yield Question(_text(row, "question", place), _text(row, "docid", place), str(row.get("answer") or ""))


def title_of(text: str) -> str:
    """What stands before the first blank or sentence end of a document that brings no title.

    >>> title_of("关于稳定就业的通知 各有关单位： 一、")
    '关于稳定就业的通知'
    """
    found = _TITLE.match(text)
    return found[0] if found else ""


def _ask(index: KnowledgeIndex, asked: Sequence[Question]) -> tuple[list[list[Hit]], list[float]]:
    today = now().astimezone(CHINA).date()
    found, seconds = [], []
    sayings = Sayings(read_synonyms(pack_root()))
    index.search(SearchQuery(asked[0].text, today), sayings)
    for question in asked:
        started_s = time.perf_counter()
        found.append(index.search(SearchQuery(question.text, today), sayings))
        seconds.append(time.perf_counter() - started_s)
    return found, seconds


def _figures(asked: Sequence[Question], found: Sequence[list[Hit]], texts: dict[str, DocumentText]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for depth in _DEPTHS:
        right = [
            any(hit.document == question.document for hit in hits[:depth])
            for question, hits in zip(asked, found, strict=True)
        ]
        figures[f"recall@{depth}"] = round(sum(right) / len(right), 4)
    answered = [
        _is_answer(question, hits[:1], texts) for question, hits in zip(asked, found, strict=True) if question.answer
    ]
    figures["answer@1"] = round(sum(answered) / len(answered), 4) if answered else None
    figures["n"] = len(asked)
    return figures


def _is_answer(question: Question, hits: Sequence[Hit], texts: dict[str, DocumentText]) -> bool:
    start = question.answer[:_ANSWER_CHARACTERS]
    return any(hit.document == question.document or start in texts[hit.document].sections[0][1] for hit in hits)


def _say_miss(
    question: Question, hits: Sequence[Hit], texts: dict[str, DocumentText], say: Callable[[str], None]
) -> None:
    if hits and (hits[0].document == question.document or (question.answer and _is_answer(question, hits[:1], texts))):
        return
    wanted = texts.get(question.document)
    given = hits[0].title if hits else "（没有找到）"
    say(f"问：{question.text}\n  答：{given}\n  应为：{wanted.title if wanted else question.document}")


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            place = f"{path}:{number}"
            if line.strip():
                yield place, _row(line, place)


def _row(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise RowRefused(f"{place}: 不是 JSON:{error}") from None
    if not isinstance(row, dict):
        raise RowRefused(f"{place}: 应是一组“名称: 值”。")
    return row


def _text(row: dict[str, Any], name: str, place: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise RowRefused(f"{place}: 缺少 {name}。")
    return value

"""How right the assistant answers: questions in residents' words, each a conversation of its own, nothing remembered.

The file holds `questions` (question, expect: documents any of which is right when quoted) and `out_of_scope`
(what the city's services do not answer). It is never indexed.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from zhicheng.apps.assistant.public import reply_to
from zhicheng.apps.assistant.values import Answer, Ask, Quote, Talk
from zhicheng.core.forms.public import owner_of
from zhicheng.core.knowledge.public import get_document
from zhicheng.core.parties.values import ANONYMOUS
from zhicheng.kit.clock import now

_TOLD = ("clarify", "answered", "doing")


class FileRefused(ValueError):
    """The file of questions cannot be used; says where and why."""


@dataclass(frozen=True)
class Question:
    """A question and the documents that answer it; none for what is out of scope."""

    text: str
    expect: tuple[str, ...] = ()


def measure(path: Path, *, say: Callable[[str], None]) -> dict[str, Any]:
    """Ask everything of the city whose environment this is.

    `answered`: share of questions that get quoted words or a question back that offers the right choice;
    `right_first`: share whose first answer quotes an expected document, alone or as one of the nearest two;
    `right_alone`: share whose first quoted sentence is of an expected document; `invented`: quoted sentences that do
    not stand in the document they name; `declined_out_of_scope`: share that is refused or not known.

    Raises:
        OSError: the file cannot be read.
        FileRefused: it is not such a file.
    """
    questions = read_questions(path)
    inside = [question for question in questions if question.expect]
    outside = [question for question in questions if not question.expect]
    started_s = time.perf_counter()
    answers = [_ask(question.text) for question in questions]
    seconds = time.perf_counter() - started_s
    pairs = list(zip(questions, answers, strict=True))
    for question, answer in pairs:
        if not _is_right(question, answer):
            say(f"问：{question.text}\n  答：{_told(answer)}\n  应：{'、'.join(question.expect) or '不回答'}")
    return {
        "answered": _share([_is_answered(q, a) for q, a in pairs if q.expect]),
        "right_first": _share([_is_right(q, a) for q, a in pairs if q.expect]),
        "right_alone": _share([_is_right_alone(q, a) for q, a in pairs if q.expect]),
        "invented": sum(1 for _, answer in pairs for each in answer.quotes if not _stands(each)),
        "declined_out_of_scope": _share([_is_right(q, a) for q, a in pairs if not q.expect]),
        "n": len(inside),
        "n_out_of_scope": len(outside),
        "asked_back": _share([a.outcome == "clarify" for q, a in pairs if q.expect]),
        "ms_each": round(seconds * 1000 / len(questions), 2),
        "load_1m": round(os.getloadavg()[0], 2),
    }


def read_questions(path: Path) -> list[Question]:
    """The questions of a file.

    Raises:
        OSError: it cannot be read.
        FileRefused: it is not such a file.
    """
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        return list(_questions(found))
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        message = f"{path}: 应有 questions（question、expect）和 out_of_scope 两个列表：{error}"
        raise FileRefused(message) from None


def _questions(found: Any) -> Iterator[Question]:
    for row in found["questions"]:
        yield Question(str(row["question"]), tuple(_document(code) for code in row["expect"]))
    for text in found.get("out_of_scope", ()):
        yield Question(str(text))


def _document(code: str) -> str:
    return code if ":" in code else f"faq:{code}"


def _ask(text: str) -> Answer:
    """The first answer to a stranger."""
    return reply_to(Ask(text, ANONYMOUS, owner_of(ANONYMOUS, "evaluation"), now()), Talk()).answer


def _is_answered(question: Question, answer: Answer) -> bool:
    if answer.outcome == "clarify":
        titles = {document.title for document in map(get_document, question.expect) if document}
        return any(option.say in titles for option in answer.options)
    return bool(answer.quotes)


def _is_right(question: Question, answer: Answer) -> bool:
    if question.expect:
        return any(quote.document in question.expect for quote in answer.quotes)
    return not answer.quotes and answer.outcome not in _TOLD


def _is_right_alone(question: Question, answer: Answer) -> bool:
    return bool(answer.quotes) and answer.quotes[0].document in question.expect


def _stands(quote: Quote) -> bool:
    document = get_document(quote.document)
    if document is None:
        return False
    return any(_bare(quote.text) in _bare("".join((*heading, text))) for heading, text in document.sections)


def _bare(text: str) -> str:
    return "".join(text.split())


def _told(answer: Answer) -> str:
    quoted = "".join(each.text for each in answer.quotes)[:60]
    document = answer.quotes[0].document if answer.quotes else ""
    return f"{answer.outcome} {answer.confidence:.2f} {document} {quoted or '；'.join(o.say for o in answer.options)}"


def _share(found: Sequence[bool]) -> float | None:
    return round(sum(found) / len(found), 4) if found else None

"""What of a document goes into which index, and how it is read back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhicheng.core.knowledge.gate.lexical import LexicalEntry
from zhicheng.core.knowledge.values import DocumentText
from zhicheng.engines.text.passages import Passage, cut_passages
from zhicheng.engines.text.questions import lexical_terms, plain


@dataclass(frozen=True)
class Prepared:
    """A document cut into passages."""

    document: DocumentText
    passages: tuple[Passage, ...]

    @property
    def wordings(self) -> tuple[str, ...]:
        """The short texts: the title, then the other wordings."""
        return (self.document.title, *self.document.also)


def prepare(document: DocumentText) -> Prepared:
    """Cut a document."""
    return Prepared(document, tuple(cut_passages(document.sections)))


def passage_entries(prepared: Prepared, number: int) -> Iterator[LexicalEntry]:
    """Each passage with the document's title and its headings in front."""
    title = prepared.document.title
    for place, passage in enumerate(prepared.passages):
        yield LexicalEntry(
            number,
            place,
            prepared.document.kind,
            body=lexical_terms(plain(passage.text)),
            head=lexical_terms(plain("。".join((title, *passage.heading)))),
            stored=json.dumps([passage.heading, passage.text], ensure_ascii=False),
        )


def wording_entries(prepared: Prepared, number: int) -> Iterator[LexicalEntry]:
    """Each short text; the title keeps what a hit shows of the document."""
    document = prepared.document
    shown = {
        "title": document.title,
        "also": document.also,
        "kind": document.kind,
        "source": document.source,
        "link": document.link,
        "refs": dict(document.refs),
    }
    for place, wording in enumerate(prepared.wordings):
        stored = "" if place else json.dumps(shown, ensure_ascii=False)
        yield LexicalEntry(number, place, document.kind, body=lexical_terms(plain(wording)), stored=stored)


def read_passage(stored: str) -> tuple[tuple[str, ...], str]:
    """Heading path and text of a passage; both empty where a document has none."""
    if not stored:
        return (), ""
    heading, text = json.loads(stored)
    return tuple(heading), text


def read_shown(stored: str) -> dict[str, Any]:
    """What a hit shows of its document."""
    value: dict[str, Any] = json.loads(stored)
    value["refs"] = {name: tuple(codes) for name, codes in value["refs"].items()}
    return value

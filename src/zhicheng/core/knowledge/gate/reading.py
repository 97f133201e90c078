"""What of a document goes into which index, and how it is read back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhicheng.core.knowledge.gate.lexical import LexicalEntry
from zhicheng.core.knowledge.values import DocumentText
from zhicheng.engines.text.passages import Passage, cut_passages, sentences
from zhicheng.engines.text.questions import lexical_terms, places_in, plain, plain_lines

_SHORT_PASSAGES = 2
_HEAD_CHARACTERS = 150


@dataclass(frozen=True)
class Prepared:
    """A document cut into passages."""

    document: DocumentText
    passages: tuple[Passage, ...]

    @property
    def characters(self) -> int:
        """How long the whole text is."""
        return sum(len(passage.text) for passage in self.passages)

    @property
    def is_short(self) -> bool:
        """Whether a person reads it at one glance."""
        return len(self.passages) <= _SHORT_PASSAGES

    @property
    def wordings(self) -> tuple[str, ...]:
        """The short texts: the title, then the other wordings."""
        return (self.document.title, *self.document.also)


def prepare(document: DocumentText) -> Prepared:
    """Cut a document."""
    return Prepared(document, tuple(cut_passages(document.sections)))


def places_of(prepared: Prepared) -> tuple[str, ...]:
    """The places that a document is about: those in its title and at its beginning."""
    start = prepared.passages[0].text[:_HEAD_CHARACTERS] if prepared.passages else ""
    return places_in(plain(f"{prepared.document.title}。{start}"))


def whole_text(prepared: Prepared) -> tuple[str, str, str]:
    """The plain text of a document with its headings, its plain title, and its other wordings line by line."""
    pieces = [f"{'。'.join(passage.heading)}\n{passage.text}" for passage in prepared.passages]
    document = prepared.document
    return plain_lines("\n".join(pieces)), plain(document.title), plain_lines("\n".join(document.also))


def answer_sentences(prepared: Prepared) -> list[str]:
    """The plain sentences of a short document; none of a long one, which its words are enough to find."""
    if not prepared.is_short:
        return []
    return [plain(sentence) for passage in prepared.passages for sentence in sentences(passage.text)]


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

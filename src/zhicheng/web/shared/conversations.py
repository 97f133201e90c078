"""A conversation as pages draw it: that of the person, and that of the clerk."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from zhicheng.apps.assistant.values import Answer, Quote, Turn

_RATED = frozenset({"answered", "declined", "clarify"})


def turn_view(turn: Turn) -> dict[str, Any]:
    """One question with its answer."""
    return {
        "id": turn.id,
        "seq": turn.seq,
        "at": turn.at,
        "question": turn.question,
        "answer": answer_view(turn.answer),
        "may_rate": turn.answer.outcome in _RATED,
        "rating": turn.rating,
        "reason": turn.reason,
    }


def answer_view(answer: Answer) -> dict[str, Any]:
    """An answer with its quotes gathered by source."""
    return {
        "outcome": answer.outcome,
        "words": answer.words,
        "sources": [_source(list(quotes)) for _, quotes in groupby(answer.quotes, key=_place)],
        "cards": answer.cards,
        "rephrased": answer.rephrased,
        "options": answer.options,
        "uploads": answer.uploads,
        "said_by": answer.said_by,
    }


def quoted_pieces(answer: Answer) -> Iterator[str]:
    """What an answer rests on sentence by sentence, as a stream sends it."""
    yield from (answer.rephrased or (quote.text for quote in answer.quotes))


def _place(quote: Quote) -> tuple[str, str, str]:
    return quote.source, quote.link, quote.heading


def _source(quotes: list[Quote]) -> dict[str, Any]:
    first = quotes[0]
    return {
        "text": "".join(quote.text for quote in quotes),
        "source": first.source,
        "link": first.link,
        "heading": first.heading,
    }

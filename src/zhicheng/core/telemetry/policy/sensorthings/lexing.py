"""The words of a filter: names, numbers, texts, instants, shapes, brackets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from zhicheng.core.telemetry.errors import FilterUnreadable

_DAY = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+\- ]\d{2}:?\d{2})?"
_INSTANT = rf"{_DAY}(?:{_CLOCK})?"
_TOKEN = re.compile(
    rf"\s*(?:(?P<interval>{_INSTANT}/{_INSTANT})|(?P<instant>{_INSTANT})"
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][+\-]?\d+)?)"
    r"|geography\s*'(?P<shape>(?:[^']|'')*)'|(?P<text>'(?:[^']|'')*')"
    r"|(?P<name>@?[A-Za-z_][\w.@\-]*(?:/@?[A-Za-z_][\w.@\-]*)*)|(?P<mark>[(),\-]))"
)
LONGEST = 8000


@dataclass(frozen=True)
class Token:
    """One word; `at` is where it begins."""

    kind: str
    text: str
    at: int


def tokens_of(text: str) -> Iterator[Token]:
    """Cut a filter into words.

    Raises:
        FilterUnreadable: it holds something else, or is too long.

    >>> [token.text for token in tokens_of("result gt 3.5")]
    ['result', 'gt', '3.5']
    """
    if len(text) > LONGEST:
        raise FilterUnreadable(at=LONGEST, problem="表达式太长")
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise FilterUnreadable(at=at + 1, problem=f"不认识“{text[at : at + 12].strip()}”")
        kind = str(match.lastgroup)
        yield Token(kind, match.group(kind), match.start(kind))
        at = match.end()


def instant_of(text: str) -> datetime:
    """An instant as filters and documents write it; without a zone it is UTC.

    Raises:
        ValueError: there is no such instant.

    >>> instant_of("2026-01-05").hour
    0
    """
    plain = text.strip().replace(" ", "+")
    at = datetime.fromisoformat(plain)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def interval_of(text: str) -> tuple[datetime, datetime]:
    """Two instants with a slash between them, in order.

    Raises:
        ValueError: they are none, or the wrong way round.
    """
    first, _, last = text.partition("/")
    begin, end = instant_of(first), instant_of(last)
    if end < begin:
        raise ValueError(text)
    return begin, end

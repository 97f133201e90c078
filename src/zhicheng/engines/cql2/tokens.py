"""CQL2 text as tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zhicheng.engines.cql2.tree import MOST_TEXT, FilterInvalid

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
      | (?P<text>'(?:[^'\\]|''|\\.)*')
      | (?P<quoted>"(?:[^"\\]|""|\\.)+")
      | (?P<name>[^\W\d][\w.:]*)
      | (?P<sign><>|<=|>=|[=<>+\-*/%^(),])""",
    re.VERBOSE,
)
_WORDS = frozenset({"AND", "OR", "NOT", "LIKE", "IN", "BETWEEN", "IS", "NULL", "TRUE", "FALSE", "DIV"})


@dataclass(frozen=True)
class Token:
    """`kind` is number, text, name, word (of the language, upper case), sign, or end."""

    kind: str
    text: str
    start: int
    end: int


def tokens_of(source: str) -> Iterator[Token]:
    """All tokens, then one that says end.

    Raises:
        FilterInvalid: something that begins no token, or too much.
    """
    if len(source) > MOST_TEXT:
        raise FilterInvalid("条件太长。", f"a filter may have {MOST_TEXT} characters at most")
    place = 0
    while place < len(source):
        found = _TOKEN.match(source, place)
        if found is None:
            near = source[place : place + 12]
            raise FilterInvalid(
                f"第 {place + 1} 个字“{near}”处读不懂。", f"unexpected character at position {place + 1}: {near!r}"
            )
        if found.lastgroup != "space":
            yield _token(found)
        place = found.end()
    yield Token("end", "", place, place)


def _token(found: "re.Match[str]") -> Token:
    kind, text = found.lastgroup or "", found.group()
    if kind == "text":
        text = _unquoted(text, "'")
    elif kind == "quoted":
        kind, text = "name", _unquoted(text, '"')
    elif kind == "name" and text.upper() in _WORDS:
        kind, text = "word", text.upper()
    return Token(kind, text, found.start(), found.end())


def _unquoted(text: str, mark: str) -> str:
    return text[1:-1].replace(mark * 2, mark).replace("\\" + mark, mark)

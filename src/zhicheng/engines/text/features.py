"""From a Chinese text to countable terms: words, characters in a row.

A text comes raw, as people type it, or `spaced`, cut into words already; both end in the same words, and the
character terms are made from those words joined, so that a model trained on one kind reads the other.
No weights here: see `vocabulary`.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from zhicheng.engines.text.sounds import cut

_DIGITS = re.compile(r"\d+")
_HEAD_BREAK = re.compile(r"\s*\n\s*|\s{4,}")
_MAX_HEAD_WORDS = 12


@dataclass(frozen=True)
class Text:
    """A text to be read: `head` is its title, where it has one; `spaced` says that spaces separate the words."""

    body: str
    head: str = ""
    spaced: bool = False

    @classmethod
    def of_tokens(cls, tokens: str) -> "Text":
        """Words separated by spaces; a run of four blanks or a line break ends the head.

        >>> Text.of_tokens("路灯 坏      请 尽快 修").head
        '路灯 坏'
        """
        head, body = _split_head(tokens.strip())
        return cls(body=body, head=head, spaced=True)


def normalise(text: str) -> str:
    """Full width to half width, lower case, digits to one `0` a run (a number says little about the subject).

    Half a character (a lone surrogate) is left out.

    >>> normalise("ＡＢ座１２３号")
    'ab座0号'
    """
    whole = text.encode("utf-8", "ignore").decode()
    return _DIGITS.sub("0", unicodedata.normalize("NFKC", whole).lower())


def words(text: str, *, spaced: bool = False) -> list[str]:
    """The words that hold a letter, a digit or a character; punctuation and blanks are left out.

    >>> words("下水道堵塞，没人修！")
    ['下水道', '堵塞', '没人修']
    >>> words("路灯 坏 , 没人 修", spaced=True)
    ['路灯', '坏', '没人', '修']
    """
    found = normalise(text).split() if spaced else cut(normalise(text))
    return [word for word in found if not word.isspace() and any(map(str.isalnum, word))]


def grams(units: str | Sequence[str], lowest: int, highest: int) -> list[str]:
    """Every run of `lowest` to `highest` neighbours; words of a run are joined by a blank.

    >>> grams("路灯坏", 2, 3)
    ['路灯', '灯坏', '路灯坏']
    >>> grams(["路灯", "坏"], 1, 2)
    ['路灯', '坏', '路灯 坏']
    """
    found: list[str] = []
    for size in range(lowest, highest + 1):
        starts = range(len(units) - size + 1)
        if isinstance(units, str):
            found += [units[start : start + size] for start in starts]
        elif size == 1:
            found += units
        else:
            found += [" ".join(units[start : start + size]) for start in starts]
    return found


@dataclass(frozen=True)
class View:
    """One way to look at a text; each view's terms are weighed and scaled to length 1 by themselves.

    `kind`: runs of `lowest` to `highest` words or characters. `part`: the whole text or its head. `weight` scales the
    view against the others. A term must stand in `min_texts` training texts.
    """

    kind: Literal["word", "char"]
    part: Literal["all", "head"] = "all"
    lowest: int = 1
    highest: int = 1
    weight: float = 1.0
    min_texts: int = 1


@dataclass(frozen=True)
class Reading:
    """A text cut once for all views: its words, those of the head, and the same as joined characters."""

    all_words: tuple[str, ...]
    head_words: tuple[str, ...]

    @cached_property
    def all_characters(self) -> str:
        """The words of the text, joined."""
        return "".join(self.all_words)

    @cached_property
    def head_characters(self) -> str:
        """The words of the head, joined."""
        return "".join(self.head_words)


def read(text: str | Text, max_characters: int) -> Reading:
    r"""Cut a text into words; beyond `max_characters` it is not read.

    A text without a head lends its first line, or its first dozen words.

    >>> read("下水道堵塞\n没人修", 100).head_words
    ('下水道', '堵塞')
    """
    if isinstance(text, str):
        text = Text(text)
    head, body = text.head[:max_characters], text.body[:max_characters]
    if not head:
        head, body = _split_head(body.strip())
    head_words = words(head, spaced=text.spaced)
    all_words = head_words + words(body, spaced=text.spaced)
    return Reading(tuple(all_words), tuple(head_words or all_words[:_MAX_HEAD_WORDS]))


def terms(reading: Reading, view: View) -> list[str]:
    """The terms of one view, with repetitions."""
    if view.kind == "char":
        characters = reading.all_characters if view.part == "all" else reading.head_characters
        return grams(characters, view.lowest, view.highest)
    found = reading.all_words if view.part == "all" else reading.head_words
    return grams(found, view.lowest, view.highest)


def _split_head(text: str) -> tuple[str, str]:
    parts = _HEAD_BREAK.split(text, maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 else ("", text)

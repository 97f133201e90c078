r"""Cutting a document into passages: a heading path, and sentences that fit together into one quotable piece.

Headings are recognised as Chinese official writing numbers them (一、 （一） 1. 第三条). No sentence is ever cut,
unless it is longer than a passage. Cutting what was cut already changes nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST = 350  # characters of a passage
_SENTENCE = re.compile(r".+?(?:[。！？!?；;]+[”’」』）)]*|\n+|$)", re.DOTALL)
_LEVELS = (
    re.compile(r"^第[一二三四五六七八九十百]+[章节]"),
    re.compile(r"^[一二三四五六七八九十]{1,3}、"),
    re.compile(r"^[（(][一二三四五六七八九十]{1,3}[)）]"),
)
_INLINE = re.compile(
    r"(?<=[。！？；：:\s])(?=(?:第[一二三四五六七八九十百]+[章节条]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.．、](?!\d)))"
)
_LONGEST_HEADING = 40


@dataclass(frozen=True)
class Passage:
    """A piece of a document under its heading path."""

    heading: tuple[str, ...]
    text: str


def sentences(text: str) -> list[str]:
    r"""The sentences of a text in order, with their punctuation; a line break ends one too.

    >>> sentences("可以网上办。要带身份证吗？不用\n免费")
    ['可以网上办。', '要带身份证吗？', '不用', '免费']
    """
    return [stripped for found in _SENTENCE.findall(text) if (stripped := found.strip())]


def cut_passages(sections: Iterable[tuple[tuple[str, ...], str]], *, longest: int = LONGEST) -> list[Passage]:
    """Passages of the sections of a document, in order.

    >>> cut_passages([(("条件",), "有居住登记。缴社保满一年。")])
    [Passage(heading=('条件',), text='有居住登记。缴社保满一年。')]
    """
    return [passage for heading, text in sections for passage in _cut_section(heading, text, longest)]


def _cut_section(heading: tuple[str, ...], text: str, longest: int) -> Iterator[Passage]:
    text = text.strip()
    if len(text) <= longest:
        if text:
            yield Passage(heading, text)
        return
    for path, block in _blocks(text):
        for piece in _pieces(block, longest):
            yield Passage((*heading, *path), piece)


def _blocks(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Blocks under the numbered headings that stand inside a text."""
    path: list[str] = [""] * len(_LEVELS)
    kept = ""
    under: tuple[str, ...] = ()
    for part in _INLINE.split(text):
        level = next((level for level, pattern in enumerate(_LEVELS) if pattern.match(part)), None)
        if level is not None:
            if kept.strip():
                yield under, kept.strip()
            kept = ""
            path[level:] = [_heading_of(part), *[""] * (len(_LEVELS) - level - 1)]
            under = tuple(filter(None, path))
        kept += part
    if kept.strip():
        yield under, kept.strip()


def _heading_of(part: str) -> str:
    first = re.split(r"[。；：:\s]", part, maxsplit=1)[0]
    return first if len(first) <= _LONGEST_HEADING else ""


def _pieces(block: str, longest: int) -> Iterator[str]:
    kept = ""
    for sentence in _sized(block, longest):
        if kept and len(kept) + len(sentence) > longest:
            yield kept
            kept = ""
        kept += sentence
    if kept:
        yield kept


def _sized(block: str, longest: int) -> Iterator[str]:
    for sentence in sentences(block):
        for start in range(0, len(sentence), longest):
            yield sentence[start : start + longest]

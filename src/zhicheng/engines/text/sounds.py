"""How characters are said and where words end: two dictionaries of 30 to 55 MB, loaded where they are first asked.

A process that reads no text (the door, the collector) never loads them.
"""

from collections.abc import Iterable
from importlib import import_module
from typing import Any


def syllables(text: str) -> list[str]:
    """The pinyin of each character, without tones; what is no Chinese character stays as it is, in one piece.

    >>> syllables("重庆ABC")
    ['chong', 'qing', 'ABC']
    """
    found: list[str] = _pinyin().lazy_pinyin(text)
    return found


def initials(text: str) -> list[str]:
    """The first letter of the pinyin of each character; other characters stay.

    >>> initials("深圳")
    ['s', 'z']
    """
    found: list[str] = _pinyin().lazy_pinyin(text, style=_pinyin().Style.FIRST_LETTER, errors="default")
    return found


def cut(text: str) -> list[str]:
    """The words of a text, in order; together they are the text.

    >>> cut("居住证办理")
    ['居住证', '办理']
    """
    found: list[str] = _words().cut(text)
    return found


def tagged(text: str) -> Iterable[tuple[str, str]]:
    """The words of a text with their parts of speech, as jieba's dictionary has them."""
    found: Iterable[tuple[str, str]] = _words().tag(text)
    return found


def _pinyin() -> Any:
    return import_module("pypinyin")


def _words() -> Any:
    return import_module("rjieba")

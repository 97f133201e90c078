"""How characters are said and where words end. The dictionary of words takes 30 MB: loaded where it is first asked.

A process that reads no text (the door, the collector) never loads it.
"""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from zhicheng.engines.text.readings import readings


def syllables(text: str) -> list[str]:
    """The pinyin of each character, without tones; what is no Chinese character stays as it is, in one piece.

    >>> syllables("重庆ABC")
    ['chong', 'qing', 'ABC']
    """
    return [piece for piece, _ in readings().said(text)]


def initials(text: str) -> list[str]:
    """The first letter of the pinyin of each character; other characters stay.

    >>> initials("深圳")
    ['s', 'z']
    """
    return [piece[0] if is_syllable else piece for piece, is_syllable in readings().said(text)]


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


def _words() -> Any:
    return import_module("rjieba")

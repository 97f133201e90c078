"""Texts made comparable: one width, one case, simplified characters, Mandarin words, no blanks and marks."""

import re

from zhicheng.engines.text.questions import plain_question

_BLANK = re.compile(r"[\s\W_]+", re.UNICODE)


def plain(text: str) -> str:
    """A text without blanks and marks, in one width and case, in simplified characters and Mandarin words.

    >>> plain("請 問，ＡＢＣ？")
    '请问abc'
    """
    return _BLANK.sub("", plain_question(text))


def pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters of a plain text.

    >>> sorted(pairs("居住证"))
    ['住证', '居住']
    """
    bare = plain(text)
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1)) or frozenset({bare} if bare else ())

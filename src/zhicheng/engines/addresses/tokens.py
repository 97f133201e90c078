"""What an address is made of: characters, and runs of figures or of Latin letters; their shape."""

import re
import unicodedata
from collections.abc import Iterator

_TOKEN = re.compile(r"[0-9]+|[A-Za-z]+|\S")
_LONG_RUN = 5


def tokens_of(text: str) -> Iterator[tuple[int, str]]:
    """Where each token begins, and the token, half-width; white space is none.

    >>> list(tokens_of("深南路２０号 A座"))
    [(0, '深'), (1, '南'), (2, '路'), (3, '20'), (5, '号'), (7, 'A'), (8, '座')]
    """
    narrow = "".join(_narrow(character) for character in text)
    for found in _TOKEN.finditer(narrow):
        yield found.start(), found[0]


def _narrow(character: str) -> str:
    """The half-width form where it is one character as well, so that places in a text stay what they are."""
    form = unicodedata.normalize("NFKC", character)
    return form if len(form) == 1 else character


def shape_of(token: str) -> str:
    """A token without what differs from house to house: 04 for four figures, A for a letter; Chinese stays.

    >>> [shape_of(token) for token in ("1988", "B", "SOHO", "F3", "路", "－")]
    ['04', 'A', 'AA', 'A0', '路', '-']
    """
    form = unicodedata.normalize("NFKC", token)
    if not form.isascii():
        return form
    if form.isdigit():
        return f"0{min(len(form), _LONG_RUN)}"
    if form.isalpha():
        return "A" if len(form) == 1 else "AA"
    return "A0" if any(character.isalnum() for character in form) else form

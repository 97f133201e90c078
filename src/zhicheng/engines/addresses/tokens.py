"""What an address is made of: characters, and runs of figures or of Latin letters; their shape and kind."""

import re
import unicodedata
from collections.abc import Iterator

_TOKEN = re.compile(r"[0-9]+|[A-Za-z]+|\S")
_CHINESE_DIGITS = frozenset("一二三四五六七八九十百零〇两")
# Characters that end the name of a part of an address: 省 of a province, 路 of a road, 栋 of a house.
ENDINGS = frozenset("省市区县州盟旗镇乡道街路巷弄号村社组里园苑城厦楼栋幢座室层元场店院司厂")
_ALSO_TELLING = frozenset("单期桥港湾庄线段口东西南北门旁侧面对")
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


def kind_of(token: str) -> str:
    """Figures and letters by their shape, n for a Chinese digit, s for what ends a name, p for a sign, c for others."""
    shape = shape_of(token)
    if token in _CHINESE_DIGITS:
        return "n"
    if not shape[0].isalnum():
        return "p"
    if shape.isascii():
        return shape
    return "s" if token in ENDINGS or token in _ALSO_TELLING else "c"

"""Identifiers: time-ordered UUIDs, case numbers with a check character."""

import secrets
from datetime import datetime
from uuid import UUID

from zhicheng.kit.clock import CHINA

# Crockford's base 32 without letters that are mistaken for digits on the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEARD_AS = {"I": "1", "L": "1", "O": "0", "U": "V"}  # only the prefix of a city may have these
_KNOWN = frozenset(_ALPHABET) | frozenset(_HEARD_AS)


def uuid7(at: datetime) -> UUID:
    """A UUID version 7 (RFC 9562) for an instant: sorts by time, random beyond the millisecond.

    >>> from datetime import UTC
    >>> uuid7(datetime(2026, 1, 1, tzinfo=UTC)).version
    7
    """
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def case_number(prefix: str, at: datetime) -> str:
    """A number that a person can read out: prefix, local day, seven random characters, one check character.

    >>> from datetime import UTC
    >>> number = case_number("SZ", datetime(2026, 1, 1, tzinfo=UTC))
    >>> number[:8], len(number), is_case_number(number)
    ('SZ260101', 16, True)
    """
    body = prefix + at.astimezone(CHINA).strftime("%y%m%d")
    body += "".join(secrets.choice(_ALPHABET) for _ in range(7))
    return body + _check_character(body)


def is_case_number(text: str) -> bool:
    """Whether the check character fits: a mistyped number is caught before any look-up.

    >>> is_case_number("SZ26010100000000")
    False
    """
    return 8 < len(text) <= 31 and _KNOWN.issuperset(text) and _check_character(text[:-1]) == text[-1]


def _check_character(body: str) -> str:
    """Weighted sum in the field of 32 elements: one wrong or two swapped neighbours are always noticed.

    The weights are powers of two in that field, all different over 31 places. A sum modulo 31 would take 0 for Z,
    one modulo 32 would miss other pairs.
    """
    total = 0
    for character in body:
        total = _doubled(total ^ _value(character))
    return _ALPHABET[total]


def _doubled(value: int) -> int:
    """Twice a value in GF(2^5) with x^5 + x^2 + 1, of which 2 is a generator."""
    return value << 1 if value < 16 else (value << 1) ^ 0b100101


def _value(character: str) -> int:
    return _ALPHABET.find(_HEARD_AS.get(character, character))

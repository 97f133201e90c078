"""Identifiers: time-ordered UUIDs, case numbers with a check character."""

import secrets
from datetime import datetime
from uuid import UUID

from zhicheng.kit.clock import CHINA

# Crockford's base 32 without letters that are mistaken for digits on the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


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
    return len(text) > 8 and text.isascii() and _check_character(text[:-1]) == text[-1]


def _check_character(body: str) -> str:
    """Weighted sum modulo 31 (a prime), so that one wrong or two swapped characters are always noticed."""
    total = sum((index + 1) * _value(character) for index, character in enumerate(reversed(body)))
    return _ALPHABET[total % 31]


def _value(character: str) -> int:
    position = _ALPHABET.find(character)
    return position if position >= 0 else 32 + ord(character) % 31

"""Texts that name their own encoding: multibase, and keys as Multikey.

Source: W3C Controlled Identifiers 1.0, sections 2.2.2 (Multikey) and 2.4 (Multibase); the multicodec table.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error

from zhicheng.engines.credentials.faults import MalformedCredential

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_PLACE = {character: place for place, character in enumerate(_BASE58)}
_LONGEST = 512  # characters: no key or signature is longer, and base 58 is read in quadratic time


def to_base58(data: bytes) -> str:
    """Multibase base58btc, with its header `z`.

    >>> to_base58(bytes([0]) + b"hello")
    'z1Cn8eVZg'
    """
    number = int.from_bytes(data, "big")
    digits = []
    while number:
        number, place = divmod(number, 58)
        digits.append(_BASE58[place])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + "".join(reversed(digits))


def from_base58(text: str) -> bytes:
    """The bytes of a multibase base58btc text.

    Raises:
        MalformedCredential: the header is another one, a character is none of base 58, or the text is too long.

    >>> from_base58("z1Cn8eVZg")[1:]
    b'hello'
    """
    if not text.startswith("z") or len(text) > _LONGEST:
        raise MalformedCredential("this is no base58btc text")
    number = 0
    for character in text[1:]:
        if character not in _BASE58_PLACE:
            raise MalformedCredential("this is no base58btc text")
        number = number * 58 + _BASE58_PLACE[character]
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def to_base64url(data: bytes) -> str:
    """Base 64 for addresses, without padding and without a header."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes of a base64url text without padding.

    Raises:
        MalformedCredential: it is none, or not in its only form (stray bits at the end).
    """
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError) as error:
        raise MalformedCredential("this is no base64url text") from error
    if to_base64url(data) != text:
        raise MalformedCredential("this is no base64url text")
    return data

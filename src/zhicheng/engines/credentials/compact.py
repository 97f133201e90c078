r"""A signed message small enough for a QR code that a phone's camera reads at once.

The values of a credential that its reader cannot know, as a JSON array, raw-deflated, after the 64 bytes of its
signature; the reader puts them back into the form of the credential and checks that. Base64url serves links,
base 45 (RFC 9285) the alphanumeric mode of a QR code.
"""

import json
import zlib
from collections.abc import Sequence
from typing import Any

from zhicheng.engines.credentials.canonical import canonical, read_json
from zhicheng.engines.credentials.faults import MalformedCredential
from zhicheng.engines.credentials.multibase import from_base64url, to_base64url

_SIGNATURE_BYTES = 64
_LARGEST_BYTES = 4_096
_LONGEST_TEXT = 6_000
_BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def pack(values: Sequence[Any], signature: bytes) -> str:
    """Values and their signature as base64url text.

    Raises:
        MalformedCredential: the signature has not 64 bytes, or a value is none of JSON.
    """
    return to_base64url(_packed(values, signature))


def unpack(text: str) -> tuple[list[Any], bytes]:
    """Values and signature of a packed text.

    Raises:
        MalformedCredential: it is none.

    >>> unpack(pack(["居住证", 7], bytes(64)))[0]
    ['居住证', 7]
    """
    if len(text) > _LONGEST_TEXT:
        raise MalformedCredential("the text is too long")
    return _unpacked(from_base64url(text))


def pack45(values: Sequence[Any], signature: bytes) -> str:
    """The same in base 45, for readers that keep capitals and digits only."""
    return to_base45(_packed(values, signature))


def unpack45(text: str) -> tuple[list[Any], bytes]:
    """Values and signature of a base 45 text.

    Raises:
        MalformedCredential: it is none.
    """
    if len(text) > _LONGEST_TEXT:
        raise MalformedCredential("the text is too long")
    return _unpacked(from_base45(text))


def to_base45(data: bytes) -> str:
    """RFC 9285.

    >>> to_base45(b"Hello!!")
    '%69 VD92EX0'
    """
    text = []
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, place = divmod(number, 45)
            text.append(_BASE45[place])
    return "".join(text)


def from_base45(text: str) -> bytes:
    """The bytes of a base 45 text.

    Raises:
        MalformedCredential: it is none.

    >>> from_base45("%69 VD92EX0")
    b'Hello!!'
    """
    data = bytearray()
    for start in range(0, len(text), 3):
        places = [_BASE45.find(character) for character in text[start : start + 3]]
        number = sum(place * 45**power for power, place in enumerate(places))
        size = len(places) - 1
        if -1 in places or size == 0 or number >= 256**size:
            raise MalformedCredential("this is no base 45 text")
        data += number.to_bytes(size, "big")
    return bytes(data)


def _packed(values: Sequence[Any], signature: bytes) -> bytes:
    if len(signature) != _SIGNATURE_BYTES:
        raise MalformedCredential("a signature has 64 bytes")
    canonical(values)  # refuses what JSON does not know
    plain = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    return signature + packing.compress(plain) + packing.flush()


def _unpacked(data: bytes) -> tuple[list[Any], bytes]:
    unpacking = zlib.decompressobj(wbits=-15)
    try:
        plain = unpacking.decompress(data[_SIGNATURE_BYTES:], _LARGEST_BYTES)
    except zlib.error as error:
        raise MalformedCredential("the packed text is broken") from error
    if not unpacking.eof or unpacking.unconsumed_tail or unpacking.unused_data:
        raise MalformedCredential("the packed text is broken")
    values = read_json(plain)
    if not isinstance(values, list):
        raise MalformedCredential("the packed text holds no list")
    return values, data[:_SIGNATURE_BYTES]

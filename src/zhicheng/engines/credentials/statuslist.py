"""A list of one bit a credential, compressed: which of them are revoked or suspended.

Source: W3C Bitstring Status List 1.0. The first index is the left-most bit; at least 131,072 entries, so that asking
for a list tells nobody which credential is meant.
"""

import gzip
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhicheng.engines.credentials.credential import Claims, read_claims, unsigned
from zhicheng.engines.credentials.faults import MalformedCredential
from zhicheng.engines.credentials.multibase import from_base64url, to_base64url

ENTRIES = 131_072
_LARGEST_BYTES = 4 * 1024 * 1024  # a list of 33 million entries; more is refused rather than unpacked


@dataclass(frozen=True)
class StatusList:
    """A published list as its credential describes it."""

    url: str
    purpose: str
    issuer: str
    valid_until: datetime | None


def encode(marked: Iterable[int], *, entries: int = ENTRIES) -> str:
    """A bitstring with these indexes set: GZIP, then multibase base64url. Equal lists give equal texts.

    Raises:
        MalformedCredential: an index lies outside the list.

    >>> is_marked(encode([5]), 5), is_marked(encode([5]), 6)
    (True, False)
    """
    bits = bytearray((entries + 7) // 8)
    for index in marked:
        if not 0 <= index < entries:
            raise MalformedCredential("an index lies outside the list")
        bits[index >> 3] |= 0x80 >> (index & 7)
    return "u" + to_base64url(gzip.compress(bytes(bits), mtime=0))


def decode(text: str) -> bytes:
    """The bits of an encoded list.

    Raises:
        MalformedCredential: it is no compressed bitstring, has fewer than 131,072 entries, or unpacks to too much.
    """
    if not text.startswith("u"):
        raise MalformedCredential("this is no encoded list")
    unpacking = zlib.decompressobj(wbits=31)
    try:
        bits = unpacking.decompress(from_base64url(text[1:]), _LARGEST_BYTES)
    except zlib.error as error:
        raise MalformedCredential("this is no encoded list") from error
    if unpacking.unconsumed_tail or not unpacking.eof or len(bits) * 8 < ENTRIES:
        raise MalformedCredential("the list has no permitted length")
    return bits


def is_marked(text: str, index: int) -> bool:
    """Whether one entry of an encoded list is set.

    Raises:
        MalformedCredential: the list cannot be read, or has no such entry.
    """
    bits = decode(text)
    if not 0 <= index < len(bits) * 8:
        raise MalformedCredential("the list has no such entry")
    return bool(bits[index >> 3] & 0x80 >> (index & 7))


def unsigned_list(about: StatusList, encoded: str, *, at: datetime) -> dict[str, Any]:
    """The credential that publishes a list, still without proof."""
    subject = {"id": f"{about.url}#list", "type": "BitstringStatusList"}
    subject |= {"statusPurpose": about.purpose, "encodedList": encoded}
    types = ("BitstringStatusListCredential",)
    return unsigned(Claims(about.issuer, subject, at, about.valid_until, id=about.url, types=types))


def read_list(document: Mapping[str, Any], *, purpose: str) -> str:
    """The encoded list in a credential that publishes one for a purpose; its proof is not looked at.

    Raises:
        MalformedCredential: it publishes none, or one for another purpose.
    """
    claims = read_claims(document)
    if "BitstringStatusListCredential" not in claims.types or claims.subject.get("statusPurpose") != purpose:
        raise MalformedCredential("this credential publishes no list for this purpose")
    return str(claims.subject.get("encodedList", ""))

"""The canonical form of JSON values, and the digests made of it.

Canonical form (version 1) is JSON as in RFC 8785 — keys sorted by UTF-16 code unit, no white space, UTF-8 — with one
difference: a number is written by value (an integral number without fraction or exponent, any other as Python's
shortest form), because PostgreSQL's jsonb does not keep the exponent in which a number was written.
"""

import json
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives import hashes

from zhicheng.core.ledger.errors import IdempotencyKeyMalformed, NotCanonical
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.kit.sqltext import to_json

_SM3 = hashes.SM3()


def sm3(content: bytes) -> bytes:
    """SM3 (GB/T 32905-2016), 32 bytes.

    >>> sm3(b"abc").hex()[:16]
    '66c7f0f462eeedd9'
    """
    digest = hashes.Hash(_SM3)
    digest.update(content)
    return digest.finalize()


def canonical(value: Any) -> bytes:
    """The canonical form of a JSON value.

    Raises:
        NotCanonical: the value holds NaN, infinity, NUL, a lone surrogate, or something that is not JSON.

    >>> canonical({"b": 2.0, "a": [1, "街道"]}).decode()
    '{"a":[1,"街道"],"b":2}'
    """
    text = json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NotCanonical(detail="不完整的字符编码") from None


def as_stored(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as it will be read back from the database: UUIDs, instants, bytes and the like become text.

    Raises:
        NotCanonical: a value cannot be written as JSON.
    """
    if not data:
        return {}
    try:
        stored: dict[str, Any] = json.loads(to_json(data))
    except TypeError as error:
        raise NotCanonical(detail=str(error)) from None
    return stored


def body_digest(body: Mapping[str, Any]) -> bytes:
    """SM3 over the canonical form of a request body, for `IdempotencyKey.digest`.

    Raises:
        NotCanonical: see `canonical`.

    >>> body_digest({"a": 1, "b": 2}) == body_digest({"b": 2, "a": 1})
    True
    """
    return sm3(canonical(as_stored(body)))


def idempotency_key(scope: str, key: str, body: Mapping[str, Any]) -> IdempotencyKey:
    """A checked key from what a client sent.

    Raises:
        IdempotencyKeyMalformed: the key is empty, longer than 200 characters, or not visible ASCII.
        NotCanonical: the body has no canonical form.
    """
    if not 1 <= len(key) <= 200 or any(not "!" <= character <= "~" for character in key):
        raise IdempotencyKeyMalformed()
    return IdempotencyKey(scope, key, body_digest(body))


def _ordered(value: Any) -> Any:
    """A copy with sorted keys and numbers by value."""
    writer = _WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    if value is None or isinstance(value, bool | int):
        return value
    raise NotCanonical(detail=f"不支持的类型 {type(value).__name__}")


def _text(value: str) -> str:
    if "\x00" in value:
        raise NotCanonical(detail="空字符 NUL")
    return value


def _number(value: float) -> float | int:
    if not math.isfinite(value):
        raise NotCanonical(detail="不是有限的数")
    return int(Decimal(repr(value))) if value.is_integer() else value


def _mapping(value: dict[Any, Any]) -> dict[str, Any]:
    if not all(isinstance(key, str) for key in value):
        raise NotCanonical(detail="名称不是文字")
    keys = sorted(value) if all(map(str.isascii, value)) else sorted(value, key=_utf16)
    return {_text(key): _ordered(value[key]) for key in keys}


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def _list(value: list[Any]) -> list[Any]:
    return [_ordered(item) for item in value]


_WRITERS: dict[type, Callable[[Any], Any]] = {
    str: _text,
    float: _number,
    dict: _mapping,
    list: _list,
    tuple: _list,
}

"""JSON canonicalisation: one byte sequence for each JSON value, so that it can be hashed and signed.

Source: RFC 8785 (JSON Canonicalization Scheme, JCS); numbers as ECMA-262 Number::toString; I-JSON (RFC 7493).
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from zhicheng.engines.credentials.faults import MalformedCredential

_DEEPEST = 32
_EXACT_DIGITS = 16  # whole numbers with fewer are doubles for certain
_LARGEST_PLAIN = 21  # digits before the point up to which ECMAScript writes no exponent
_SMALLEST_PLAIN = -6


def canonical(value: Any) -> bytes:
    r"""The canonical form of a JSON value, in UTF-8.

    Raises:
        MalformedCredential: a value is not of JSON, not finite, no double, or nested deeper than 32 levels.

    >>> canonical({"b": [1.0, 1e21, 4.5e-7, "\u20ac\n"], "a": None}).decode()
    '{"a":null,"b":[1,1e+21,4.5e-7,"€\\n"]}'
    """
    try:
        return _text(value, 0).encode()
    except UnicodeEncodeError as error:
        raise MalformedCredential("a text holds half of a surrogate pair") from error


def read_json(text: str | bytes) -> Any:
    """A JSON value as I-JSON wants it: no name twice in an object, no NaN, not too deep.

    Raises:
        MalformedCredential: it is no JSON, or not of this kind.

    >>> read_json('{"a": 1, "a": 2}')
    Traceback (most recent call last):
        ...
    zhicheng.engines.credentials.faults.MalformedCredential: the name 'a' stands twice in an object
    """
    try:
        return json.loads(
            text, object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_int=_whole, parse_float=_double
        )
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedCredential("this is no JSON") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise MalformedCredential(f"the name {name!r} stands twice in an object")
        found[name] = value
    return found


def _whole(text: str) -> int | float:
    """As a double where an integer would be more exact than other readers of the same text."""
    return int(text) if len(text) < _EXACT_DIGITS else _double(text)


def _double(text: str) -> float:
    double = float(text)
    if not math.isfinite(double):
        raise MalformedCredential("a number is larger than a double")
    return double


def _refuse_constant(name: str) -> Any:
    raise MalformedCredential(f"{name} is no JSON")


def _text(value: Any, depth: int) -> str:
    if depth > _DEEPEST:
        raise MalformedCredential("nested too deeply")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return _object(value, depth)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return f"[{','.join(_text(item, depth + 1) for item in value)}]"
    raise MalformedCredential(f"{type(value).__name__} is no JSON value")


def _object(value: Mapping[Any, Any], depth: int) -> str:
    if not all(isinstance(name, str) for name in value):
        raise MalformedCredential("a name in an object is no text")
    try:
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))  # by UTF-16 code units, as RFC 8785 3.2.3
    except UnicodeEncodeError as error:
        raise MalformedCredential("a name holds half of a surrogate pair") from error
    members = (f"{json.dumps(name, ensure_ascii=False)}:{_text(value[name], depth + 1)}" for name in names)
    return f"{{{','.join(members)}}}"


def _number(value: float) -> str:
    """As ECMAScript prints the double: shortest digits that read back as the same value."""
    try:
        double = float(value)
    except OverflowError as error:
        raise MalformedCredential("a number is larger than a double") from error
    if not math.isfinite(double):
        raise MalformedCredential("a number is not finite")
    if isinstance(value, int) and int(double) != value:
        raise MalformedCredential("a whole number does not fit into a double")
    if double == 0:
        return "0"
    sign = "-" if double < 0 else ""
    mantissa, _, exponent = repr(abs(double)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    return sign + _placed(digits.rstrip("0"), point)


def _placed(digits: str, point: int) -> str:
    """Digits with the decimal point after the first `point` of them; ECMA-262 6.1.6.1.20."""
    count = len(digits)
    if count <= point <= _LARGEST_PLAIN:
        return digits + "0" * (point - count)
    if 0 < point <= _LARGEST_PLAIN:
        return f"{digits[:point]}.{digits[point:]}"
    if _SMALLEST_PLAIN < point <= 0:
        return f"0.{'0' * -point}{digits}"
    exponent = point - 1
    mantissa = digits if count == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{'+' if exponent > 0 else '-'}{abs(exponent)}"

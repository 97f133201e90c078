"""Canonical JSON: numbers and strings of RFC 8785, what is refused, and that reading gives the value back."""

import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.credentials.canonical import canonical, read_json
from zhicheng.engines.credentials.faults import MalformedCredential

# RFC 8785, appendix B: the bits of a double and its text.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class TestCanonical:
    @pytest.mark.parametrize(("bits", "text"), NUMBERS)
    def test_prints_numbers_as_the_rfc_does(self, bits, text):
        assert canonical(struct.unpack(">d", bytes.fromhex(bits))[0]).decode() == text

    def test_sorts_names_by_utf16_units(self):
        value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\xf6": 7}
        assert list(json.loads(canonical(value)).values()) == [2, 4, 6, 7, 1, 5, 3]

    def test_escapes_only_what_must_be(self):
        value = {"string": '\u20ac$\u000f\nA\'B"\\\\"/'}
        assert canonical(value).decode() == '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'

    @pytest.mark.parametrize(
        "value", [math.nan, math.inf, 2**53 + 1, 10**400, "\ud800", {"\ud800": 1}, {1: 2}, b"x", {1}]
    )
    def test_refuses_what_is_not_of_json(self, value):
        with pytest.raises(MalformedCredential):
            canonical(value)

    def test_refuses_deep_nesting(self):
        value: list = []
        for _ in range(100):
            value = [value]
        with pytest.raises(MalformedCredential):
            canonical(value)

    @given(JSON)
    def test_reads_back_as_the_same_value_and_stays_itself(self, value):
        once = canonical(value)
        assert read_json(once) == value
        assert canonical(read_json(once)) == once


class TestReadJson:
    @pytest.mark.parametrize("text", ["", "{", '{"a":1,"a":1}', "NaN", "[" * 100_000, b"\xff", "1e999", "1" * 5_000])
    def test_refuses_what_is_no_plain_json(self, text):
        with pytest.raises(MalformedCredential):
            read_json(text)

"""The canonical form: the same before and after PostgreSQL, whatever the value."""

import json

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhicheng.core.ledger.errors import IdempotencyKeyMalformed, NotCanonical
from zhicheng.core.ledger.policy.canonical import body_digest, canonical, idempotency_key, sm3
from zhicheng.kit.sqltext import to_json

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12
)


class TestCanonical:
    @given(st.lists(TEXT | st.integers() | st.floats(-1e15, 1e15)))
    def test_is_json_of_an_equal_value(self, value):
        assert json.loads(canonical(value)) == value

    @given(VALUES)
    def test_is_a_fixed_point(self, value):
        assert canonical(json.loads(canonical(value))) == canonical(value)

    @given(st.dictionaries(TEXT, SCALARS, max_size=8), st.randoms())
    def test_does_not_depend_on_the_order_of_keys(self, mapping, random):
        items = list(mapping.items())
        random.shuffle(items)
        assert canonical(dict(items)) == canonical(mapping)

    @given(VALUES, VALUES)
    def test_differs_for_different_values(self, left, right):
        same = canonical(left) == canonical(right)
        assert same == (json.loads(canonical(left)) == json.loads(canonical(right)) and _kinds(left) == _kinds(right))

    def test_sorts_keys_by_utf16_code_unit(self):
        assert canonical({"\ufb33": 1, "😀": 2, "a": 3}).decode() == '{"a":3,"😀":2,"\ufb33":1}'

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), "a\x00b", "\ud800", {1: "a"}, {"a\x00": 1}, b"x"])
    def test_refuses_what_cannot_be_stored(self, value):
        with pytest.raises(NotCanonical):
            canonical(value)


@pytest.mark.django_db
class TestCanonicalThroughJsonb:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
    @given(VALUES)
    def test_survives_the_database(self, value):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::jsonb", (to_json(value),))
            assert canonical(json.loads(cursor.fetchone()[0])) == canonical(value)


class TestSm3:
    def test_gives_the_values_of_the_standard(self):
        """Source: GB/T 32905-2016, examples A.1 and A.2."""
        assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        assert sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


class TestIdempotencyKey:
    def test_same_body_in_another_order_has_the_same_digest(self):
        assert body_digest({"text": "路灯不亮", "n": 1}) == body_digest({"n": 1, "text": "路灯不亮"})

    def test_other_body_has_another_digest(self):
        assert body_digest({"text": "路灯不亮"}) != body_digest({"text": "路灯不亮 "})

    @pytest.mark.parametrize("key", ["", "a" * 201, "有中文", "a b", "a\n"])
    def test_refuses_malformed_key(self, key):
        with pytest.raises(IdempotencyKeyMalformed):
            idempotency_key("portal", key, {})


def _kinds(value):
    """Tells true from 1, which Python holds equal."""
    if isinstance(value, dict):
        return {key: _kinds(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_kinds(inner) for inner in value]
    return isinstance(value, bool)

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from zhicheng.kit.sqltext import Part, compose, insert_rows, to_json


class TestInsertRows:
    def test_takes_rows_whose_columns_stand_in_another_order(self):
        part = insert_rows("made", "odd", [{"id": 1, "words": "a"}, {"words": "b", "id": 2}])
        assert part.text.startswith("INSERT INTO odd (id, words) SELECT r.id, r.words FROM")

    def test_refuses_no_rows_and_rows_that_differ(self):
        with pytest.raises(ValueError, match="no rows"):
            insert_rows("made", "odd", [])
        with pytest.raises(ValueError, match="differ"):
            insert_rows("made", "odd", [{"id": 1}, {"words": "x"}])


class TestCompose:
    def test_keeps_parameters_in_the_order_of_the_text(self):
        parts = [Part("a", "SELECT %s", (1,)), Part("b", "SELECT %s + x FROM a t(x)", (2,))]
        assert compose(parts, Part("", "SELECT %s", (3,)))[1] == (1, 2, 3)

    def test_is_the_final_part_alone_without_others(self):
        assert compose([], Part("", "SELECT %s", (1,))) == ("SELECT %s", (1,))

    def test_refuses_two_parts_of_one_name(self):
        with pytest.raises(ValueError, match="share a name"):
            compose([Part("a", "SELECT 1"), Part("a", "SELECT 2")], Part("", "SELECT 3"))


class TestToJson:
    def test_writes_what_json_does_not_know(self):
        value = {"at": datetime(2026, 1, 1, tzinfo=UTC), "n": Decimal("1.10"), "s": {3}, "t": (1, 2), "b": b"\xff"}
        text = '{"at":"2026-01-01T00:00:00+00:00","n":"1.10","s":[3],"t":[1,2],"b":"\\\\xff"}'
        assert to_json(value) == text

    def test_refuses_what_it_cannot_write(self):
        with pytest.raises(TypeError, match="object"):
            to_json({"x": object()})

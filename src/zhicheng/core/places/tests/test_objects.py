"""Counting objects, following their links, comparing versions."""

from datetime import timedelta

import pyarrow as pa
import pytest
import shapely

from zhicheng.core.places.errors import ColumnUnknown, FeatureUnknown
from zhicheng.core.places.policy.conditions import to_mask, to_sql
from zhicheng.core.places.public import (
    Change,
    Comparison,
    Condition,
    Linked,
    count_by_area,
    count_in_shape,
    diff_layer,
    layer_versions,
    linked_to,
    links_of,
    matching_rows,
    open_layer,
)
from zhicheng.core.places.tests.hamlet import FLATS, HOUSES, LANES, NOW, SOUTH, STEP, WEST, fill, house
from zhicheng.core.places.values import AreaCount

pytestmark = pytest.mark.usefixtures("hamlet")
SHOPS = Condition("use", Comparison.EQUALS, "shop")


class TestCounting:
    def test_groups_by_area_with_sums(self) -> None:
        fill("house", [*HOUSES[:99], house(99, street=None)])
        counts = count_by_area("house", "street", where=[SHOPS], sums=["floors"])
        assert [(found.area, found.count) for found in counts] == [("990200001", 5), ("990200002", 5)]
        assert counts[0].sums == {"floors": 9.0}
        assert count_by_area("house", "street")[-1] == AreaCount("", 1)

    def test_looks_inside_a_shape(self) -> None:
        fill("house", HOUSES)
        corner = shapely.box(WEST, SOUTH, WEST + 2.5 * STEP, SOUTH + 2.5 * STEP)
        assert count_in_shape("house", corner) == AreaCount("", 9)
        tall = Condition("height_m", Comparison.AT_LEAST, 13)
        assert count_in_shape("house", corner, where=[tall], sums=["height_m"]) == AreaCount("", 6, {"height_m": 114.0})
        assert len(matching_rows("house", [SHOPS], within=corner)) == 3
        assert len(matching_rows("house", [SHOPS])) == 10

    @pytest.mark.parametrize(("level", "sums"), [("colour", []), ("owner", []), ("street", ["name"])])
    def test_refuses_columns_that_cannot_be_counted(self, level: str, sums: list[str]) -> None:
        fill("house", HOUSES[:3])
        with pytest.raises(ColumnUnknown):
            count_by_area("house", level, sums=sums)

    @pytest.mark.parametrize(
        ("test", "value", "keys"),
        [
            (Comparison.EQUALS, "柳林3号", ["H003"]),
            (Comparison.ONE_OF, ("柳林3号", "柳林1号"), ["H001", "H003"]),
            (Comparison.ONE_OF, (), []),
            (Comparison.BEGINS, "柳林", ["H000", "H001", "H002", "H003"]),
            (Comparison.CONTAINS, "2号", ["H002"]),
            (Comparison.CONTAINS, "' OR 1=1 --", []),
            (Comparison.IS_EMPTY, None, ["H004"]),
        ],
    )
    def test_means_the_same_in_memory_as_in_the_lake(self, test: Comparison, value: object, keys: list[str]) -> None:
        fill("house", [*HOUSES[:4], house(4, name=None)])
        where = [Condition("name", test, value)]
        reader = open_layer("house")
        rows = matching_rows("house", where)
        assert sorted(reader.key_of(row) for row in rows.tolist()) == keys
        assert sum(found.count for found in count_by_area("house", "street", where=where)) == len(keys)

    def test_asks_for_all_conditions_at_once(self) -> None:
        table = pa.table({"use": ["shop", "shop", None], "floors": [1, 3, 3]})
        where = [SHOPS, Condition("floors", Comparison.ABOVE, 1)]
        assert to_mask(table, where).to_pylist() == [False, True, False]
        assert to_sql([]) == ("true", [])


class TestLinks:
    def test_lead_upwards_from_a_flat(self) -> None:
        fill("flat", FLATS)
        fill("house", HOUSES)
        fill("lane", LANES)
        assert links_of("flat", "H042-1") == (
            Linked("flat", "H042-1", "H042-1"),
            Linked("house", "H042", "柳林42号"),
            Linked("lane", "L4", "杨柳4巷"),
            Linked("street", "990200001", "990200001"),
        )
        with pytest.raises(FeatureUnknown, match="nobody"):
            links_of("flat", "nobody")

    def test_end_where_a_layer_is_empty(self) -> None:
        fill("house", HOUSES[:1])
        assert [(found.layer, found.title) for found in links_of("house", "H000")] == [
            ("house", "柳林0号"),
            ("lane", "L0"),
            ("street", "990200001"),
        ]

    def test_lead_down_page_by_page(self) -> None:
        fill("flat", FLATS)
        first = linked_to("house", "H007", "flat", limit=2)
        assert first.after is not None
        rest = linked_to("house", "H007", "flat", after=first.after, limit=2)
        assert [found.key for found in (*first.items, *rest.items)] == ["H007-0", "H007-1", "H007-2"]
        assert rest.after is None


class TestDiff:
    def test_tells_what_was_added_removed_and_changed(self) -> None:
        fill("house", HOUSES[:4])
        moved = shapely.to_wkb(shapely.box(WEST, SOUTH, WEST + STEP, SOUTH + STEP))
        fill("house", [HOUSES[0], house(1, floors=9), house(2, geometry=moved), house(7)], now=NOW + timedelta(hours=1))
        found = diff_layer("house", 0, 1)
        assert found.counts == {Change.ADDED: 1, Change.REMOVED: 1, Change.CHANGED: 2}
        assert [(change.key, change.change.value) for change in found.changes] == [
            ("H001", "changed"),
            ("H002", "changed"),
            ("H003", "removed"),
            ("H007", "added"),
        ]
        floors, shape = found.changes[:2]
        assert (floors.before, floors.after) == ({"floors": 2}, {"floors": 9})
        assert list(shape.after) == ["geometry"]

    def test_comes_in_pages(self) -> None:
        fill("house", HOUSES[:5])
        fill("house", [house(50)], now=NOW + timedelta(hours=1))
        first = diff_layer("house", 0, 1, limit=4)
        assert first.after == "H003"
        assert [change.key for change in diff_layer("house", 0, 1, after="H003").changes] == ["H004", "H050"]

    def test_does_not_show_what_is_personal(self) -> None:
        fill("house", HOUSES[:1])
        fill("house", [house(0, owner="赵六")], now=NOW + timedelta(hours=1))
        assert diff_layer("house", 0, 1).changes == ()
        assert [version.version for version in layer_versions("house")] == [1, 0]

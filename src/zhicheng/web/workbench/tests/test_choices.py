"""What forms offer in groups."""

from zhicheng.apps.appeals.public import get_taxonomy
from zhicheng.apps.appeals.values import Candidate
from zhicheng.web.workbench.choices import item_groups, unit_groups


class TestItemGroups:
    def test_have_every_item_once_under_the_levels_above_it(self) -> None:
        rows = [(group["label"], row) for group in item_groups(()) for row in group["options"] if row[0]]
        expected = {item.code: " / ".join(item.path[:-1]) for item in get_taxonomy()}
        assert {code: label for label, (code, _, _) in rows} == expected
        assert len(rows) == len(expected)

    def test_put_the_likely_ones_first_and_never_twice(self) -> None:
        item = list(get_taxonomy())[-1]
        first, *others = item_groups((Candidate(item.code, item.label, 0.83),))
        assert (first["label"], first["options"][0][1]) == ("最可能的事项", f"{item.label}（把握 83%）")
        assert item.code not in {row[0] for group in others for row in group["options"]}

    def test_are_found_by_keywords_too(self) -> None:
        rows = {row[0]: row for group in item_groups(()) for row in group["options"]}
        for item in get_taxonomy():
            _, label, words = rows[item.code]
            assert all(word in f"{label} {words}" for word in item.keywords)

    def test_begin_with_nothing_chosen_where_nothing_is_likely(self) -> None:
        assert item_groups(())[0]["options"] == [("", "请选择", "")]
        assert item_groups((), empty="按右边的分类")[0]["options"] == [("", "按右边的分类", "")]


class TestUnitGroups:
    def test_begin_with_the_listed_unit_and_leave_out_the_own(self) -> None:
        groups = unit_groups("YX-WORKS", "请选择", [("YX-WATER", "云溪镇供水站（列明协办）")])
        assert groups[0]["options"] == [("", "请选择", ""), ("YX-WATER", "云溪镇供水站（列明协办）", "")]
        assert "YX-WORKS" not in {row[0] for group in groups for row in group["options"]}

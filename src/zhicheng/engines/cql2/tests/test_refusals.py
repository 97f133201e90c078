"""Filters that are refused, in words."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.cql2.tests.people import chosen
from zhicheng.engines.cql2.tree import FilterInvalid

_DEEP = "(" * 500 + "TRUE" + ")" * 500


class TestCheckFilter:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "没有写完"),
            ("floors >", "没有写完"),
            ("floors > 10; DROP TABLE building", "读不懂"),
            ("1=1 OR 1=1 --", "没有写完"),
            ("name = 'x' UNION SELECT * FROM account", "读不懂"),
            ("name = 'x", "读不懂"),
            ("flors > 10", "没有“flors”这一列"),
            ("floors > 'ten'", "类型不同：数字与文字"),
            ("floors", "应是一个判断"),
            ("name LIKE floors", "引号里的文字"),
            ("pg_sleep(10)", "不认识“pg_sleep”"),
            ("floors BETWEEN 1 AND", "没有写完"),
            ("elevator > FALSE", "没有大小"),
            ("S_INTERSECTS(geometry, POINT(114))", "WKT"),
            ("S_INTERSECTS(geometry, POINT(NaN NaN))", "图形"),
            ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))", "自己与自己相交"),
            ("S_INTERSECTS(geometry, geometry)", "应比较一列与一个图形"),
            ("geometry = POINT(1 1)", "图形不能这样比较"),
            ("S_DWITHIN(geometry, POINT(1 1), -5)", "距离"),
            ("S_DWITHIN(geometry, POINT(1 1), 5, parsec)", "单位"),
            ("T_AFTER(opened_at, DATE('2026-13-01'))", "时间“2026-13-01”"),
            ("T_AFTER(opened_at, INTERVAL('2026-02-01','2026-01-01'))", "早于"),
            ("T_MEETS(opened_at, DATE('2026-01-01'))", "不认识"),
            (_DEEP, "太深"),
            ("NOT " * 3000 + "TRUE AND " + " AND ".join(["floors = 1"] * 1500), "条件太多"),
            ("floors > " + "+".join(["1"] * 1500), "太长"),
            ("DATE('2026-01-01') = DATE('2026-01-02')", "应有一列"),
            ("DATE('2026-01-01') BETWEEN opened_at AND DATE('2026-01-02')", "应有一列"),
            ("opened_at < TIMESTAMP('9999-12-31T23:00:00Z')", "写得不对"),
            ('{"op": "=", "args": [{"property": "floors"}, %s]}' % ("9" * 30), "数字太大"),
            ('{"op": "and"}', "op 和 args"),
            ('{"op": "=", "args": [{"property": "floors"}, NaN]}', "JSON"),
            ('{"op": "=", "args": [{"property": "floors"}, null]}', "既不是值"),
            ("{" * 70000, "太长"),
        ],
    )
    def test_says_what_is_wrong(self, text: str, said: str) -> None:
        with pytest.raises(FilterInvalid) as refused:
            chosen(text)
        assert said in str(refused.value)
        assert re.search("[a-z]{3}", refused.value.data["english"])

    @given(st.text(alphabet="abfloors'\"()=<>,.%-+ 1AND楼LIKE{}[]:", max_size=60))
    def test_refuses_or_answers_whatever_is_sent(self, text: str) -> None:
        with contextlib.suppress(FilterInvalid):
            assert all(0 <= house < 4 for house in chosen(text))

    @pytest.mark.timeout(60)
    def test_reads_a_long_pattern_in_linear_time(self) -> None:
        chosen("name LIKE '" + "%a" * 90 + "'")

"""Policies in plain words: no figure but those of the clauses, every statement with its clauses."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.apps.policies.errors import PolicyUnknown
from zhicheng.apps.policies.policy.figures import find_figures, missing_figures
from zhicheng.apps.policies.public import get_reading
from zhicheng.apps.policies.sections import policies, readings
from zhicheng.core.packs.public import PackSource

SHENZHEN = Path(__file__).resolve().parents[5] / "packs" / "shenzhen"


class TestMissingFigures:
    @pytest.mark.parametrize(
        ("said", "clause"),
        [
            ("每月 300 元，八十至八十九周岁", "八十周岁至八十九周岁每月 300 元"),
            ("3 年内最多 2 次", "三年内最多两次"),
            ("补 1.5 万元", "补贴 15000 元"),
            ("返还 50%", "返还百分之五十"),
            ("三分之二", "不超过三分之二"),
            ("一次性发，一起办", "发放"),
        ],
    )
    def test_knows_the_same_figure_written_otherwise(self, said, clause):
        assert missing_figures(said, [clause]) == []

    @pytest.mark.parametrize(
        ("said", "clause", "foreign"),
        [
            ("补 2 万元", "补 1 万元", ["2万元"]),
            ("两年内", "两个月内", ["两年"]),
            ("年满六十周岁", "年满八十周岁", ["六十周岁"]),
            ("最高 300 万元", "最高 300 元", ["300万元"]),
            ("九十至九十九周岁", "八十至九十九周岁", ["九十周岁"]),
            ("拨打 12345", "拨打热线", ["12345"]),
        ],
    )
    def test_names_what_stands_in_no_clause(self, said, clause, foreign):
        assert missing_figures(said, [clause]) == foreign

    @given(st.text(alphabet="一二三四五六七八九十百千万亿零两半年个月元%分之至周岁0123456789. ，点", max_size=40))
    def test_finds_every_figure_of_a_text_in_itself(self, text):
        assert missing_figures(text, [text]) == []
        assert all(found.words for found in find_figures(text))


class TestShenzhen:
    def test_explains_the_version_in_force_of_every_policy(self):
        known = {(item.value.code, item.value.versions[-1].code) for item in policies.load(SHENZHEN).value}
        read = {(item.value.policy, item.value.version) for item in readings.load(SHENZHEN).value}
        assert known - read == set()

    def test_says_no_figure_that_its_clauses_do_not_hold(self):
        pack = PackSource(SHENZHEN, "SZ", "1", {"policies": policies.load(SHENZHEN).value})
        loaded = readings.load(SHENZHEN)
        assert [*loaded.faults, *readings.check(loaded.value, pack)] == []


@pytest.mark.usefixtures("town")
@pytest.mark.django_db
class TestGetReading:
    def test_gives_statements_with_the_words_of_their_clauses(self):
        reading = get_reading("company.first_hire", "2026")
        amount = reading.statements[1]
        assert (amount.question, amount.text) == ("能有多少？", "每招用 1 人补 1000 元。")
        assert [(each.label, each.text) for each in amount.clauses] == [
            ("第 2 条 补助标准", "每招用一人补助 1000 元。")
        ]
        assert reading.link_to(amount.clauses[0]) == "/policies/company.first_hire/?version=2026#clause-c2"

    def test_is_none_where_nobody_wrote_one(self):
        assert get_reading("company.first_hire", "2025") is None

    def test_refuses_a_version_that_is_not_there(self):
        with pytest.raises(PolicyUnknown):
            get_reading("company.first_hire", "1999")


@pytest.mark.usefixtures("town")
@pytest.mark.django_db
class TestApi:
    def test_gives_the_reading_with_links(self, client):
        body = client.get("/api/v1/policies/company.first_hire/reading").json()
        assert (body["version"], body["in_force"], len(body["statements"])) == ("2026", True, 4)
        assert "以政策原文为准" in body["notice"]
        assert body["statements"][0]["clauses"][0]["link"].endswith("#clause-c1")

    def test_gives_none_for_a_version_without(self, client):
        body = client.get("/api/v1/policies/company.first_hire/reading", {"version": "2025"}).json()
        assert (body["statements"], body["in_force"]) == ([], False)

    @pytest.mark.parametrize("path", ["nothing/reading", "company.first_hire/reading?version=x"])
    def test_knows_nothing_else(self, client, path):
        answer = client.get(f"/api/v1/policies/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "policies.unknown")

"""Versions compared, the library browsed, matches ordered: without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.apps.policies.errors import PolicyUnknown
from zhicheng.apps.policies.policy import Library, compare_versions, rank_matches
from zhicheng.apps.policies.values import Clause, Condition, Match, Policy, PolicyFilter, PolicyVersion

ON = date(2026, 3, 2)


def _version(code="1", start=date(2026, 1, 1), end=None, **clauses):
    rows = [Clause(name, name, text) for name, text in (clauses or {"a": "一"}).items()]
    return PolicyVersion(code, f"文〔{code}〕", start, end, rows)


def _policy(code="p", versions=None, **given_fields):
    fields = {"issuer": "science", "region": "x", "audience": ["company"], "topics": ["科技"], "keywords": []}
    made = {**fields, "summary": "", "support": "", "versions": versions or [_version()], **given_fields}
    return Policy(code=code, label=code, **made)


class TestCompareVersions:
    def test_names_added_removed_changed_and_same_clauses_in_order(self):
        changes = compare_versions(_version(a="一", b="补助八百元", c="三"), _version(a="一", b="补助一千元", d="四"))
        kinds = {change.code: change.kind for change in changes}
        assert kinds == {"a": "same", "b": "changed", "d": "added", "c": "removed"}
        parts = next(change.parts for change in changes if change.code == "b")
        assert parts == [("same", "补助"), ("gone", "八百"), ("new", "一千"), ("same", "元")]

    @given(old=st.text(max_size=60), new=st.text(max_size=60))
    def test_loses_no_character(self, old, new):
        change = compare_versions(_version(a=old), _version(a=new))[0]
        assert "".join(text for kind, text in change.parts if kind != "new") == old
        assert "".join(text for kind, text in change.parts if kind != "gone") == new

    @given(
        st.lists(st.sampled_from("abcdef"), unique=True, min_size=1),
        st.lists(st.sampled_from("abcdef"), unique=True, min_size=1),
    )
    def test_names_every_clause_once(self, old, new):
        changes = compare_versions(_version(**dict.fromkeys(old, "文")), _version(**dict.fromkeys(new, "文")))
        assert sorted(change.code for change in changes) == sorted({*old, *new})


class TestPolicy:
    @pytest.mark.parametrize(
        ("start", "end", "status"),
        [
            (date(2026, 3, 2), None, "in_force"),
            (date(2026, 1, 1), date(2026, 3, 2), "in_force"),
            (date(2026, 3, 3), None, "coming"),
            (date(2025, 1, 1), date(2026, 3, 1), "ended"),
        ],
    )
    def test_is_in_force_from_its_first_day_to_its_last(self, start, end, status):
        assert _policy(versions=[_version(start=start, end=end)]).status(ON) == status

    def test_shows_the_version_in_force(self):
        old, new = _version("1", date(2025, 1, 1), date(2026, 6, 30)), _version("2", date(2026, 7, 1))
        assert _policy(versions=[old, new]).current(ON) == old
        assert _policy(versions=[old, new]).current(date(2026, 7, 1)) == new


class TestLibrary:
    def test_lists_what_is_in_force_first(self):
        ended = _policy("old", [_version(end=date(2026, 2, 1))])
        assert [each.code for each in Library([ended, _policy("new")]).browse(PolicyFilter(), ON)] == ["new", "old"]

    def test_narrows_by_topic_audience_issuer_and_status(self):
        library = Library([_policy("a"), _policy("b", topics=["住房"], audience=["person"], issuer="housing")])
        for wanted in ({"topic": "住房"}, {"audience": "person"}, {"issuer": "housing"}):
            assert [each.code for each in library.browse(PolicyFilter(**wanted), ON)] == ["b"]
        assert library.browse(PolicyFilter(status="ended"), ON) == []

    def test_knows_no_other_codes(self):
        with pytest.raises(PolicyUnknown):
            Library([]).get("nothing")
        with pytest.raises(PolicyUnknown):
            Library([_policy()]).version("p", "9")


class TestRankMatches:
    def test_puts_what_fits_first_and_then_the_nearest(self):
        failing = [Condition("一", False), Condition("二", False)]
        far, near = Match(_policy("far"), "no", failing), Match(_policy("near"), "no", failing[:1])
        few, fits = Match(_policy("few"), "unknown", missing=["人数"]), Match(_policy("fits"), "yes")
        assert [each.policy.code for each in rank_matches([far, near, few, fits])] == ["fits", "few", "near", "far"]

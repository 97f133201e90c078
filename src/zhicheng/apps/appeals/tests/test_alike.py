"""The same problem said by several people."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhicheng.apps.appeals.errors import AlreadySupported
from zhicheng.apps.appeals.models import Support
from zhicheng.apps.appeals.public import find_alike, get_appeal, support_appeal, understand
from zhicheng.apps.appeals.tests.town import BURST, EAST, NOISE, NOW, OUTAGE, TOWN, WORKS, do_own, noise, sent
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.ledger.public import list_entries
from zhicheng.core.places.public import PointOutsideCity
from zhicheng.kit.ids import uuid7

pytestmark = pytest.mark.usefixtures("town")
METRE = 1 / 111_195


class TestFindAlike:
    def test_shows_open_appeals_of_the_item_within_300_metres(self):
        near = sent(latitude=EAST[1] + 250 * METRE)
        sent(latitude=EAST[1] + 350 * METRE)
        sent(confirmed_item=OUTAGE)
        ended = sent()
        do_own(ended.case_id, "withdraw")
        found = find_alike(noise())
        assert [alike.number for alike in found] == [near.number]
        assert (found[0].item_label, found[0].state_label) == ("夜间施工噪音", "已交办理单位")
        assert found[0].distance_m in {250, 300}

    def test_says_never_less_than_fifty_metres(self):
        sent()
        [found] = find_alike(noise())
        assert (found.distance_m, found.distance_words) == (50, "50 米内")

    def test_does_not_give_a_home_away_to_whoever_asks_from_everywhere(self):
        """Two homes 8 m apart are told alike from every point: no set of distances tells them apart."""
        south = EAST[1] - EAST[1] % (50 * METRE)
        for step in (20, 28):
            sent(latitude=south + step * METRE)
        counts = set()
        for step in range(-400, 401, 20):
            asked = find_alike(noise(longitude=EAST[0] + 30 * METRE, latitude=south + step * METRE))
            assert len({found.distance_m for found in asked}) <= 1
            assert all(found.distance_m % 50 == 0 for found in asked)
            counts.add(len(asked))
        assert counts == {0, 2}

    def test_puts_the_most_alike_words_first(self):
        sent(text="垃圾车半夜倒车的声音很响")
        same = sent()
        assert find_alike(noise())[0].number == same.number

    def test_finds_nothing_where_the_place_is_not_known(self):
        sent()
        assert find_alike(noise(longitude=None, latitude=None, text="吵得睡不着觉")) == []

    def test_counts_who_joined_with_as_many_queries_for_many_as_for_one(self):
        first = sent()
        support_appeal(first.case_id, who="browser:a", text="我也听到了", now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as one:
            assert find_alike(noise())[0].supporters == 1
        for _ in range(5):
            sent()
        with CaptureQueriesContext(connection) as many:
            assert len(find_alike(noise())) == 5
        assert len(many) <= len(one)


class TestUnderstand:
    def test_tells_what_would_be_decided_and_writes_nothing(self):
        seen = understand(noise(text="东桥头的水管爆了", confirmed_item=BURST))
        assert (seen.routing.unit, seen.unit_name, seen.sure) == ("YX-WATER", "云溪镇供水站", True)
        assert seen.place.endswith("东桥社区")
        assert find_alike(noise()) == []

    def test_says_that_a_person_will_decide(self):
        seen = understand(noise(text="请来看看我说的问题", confirmed_item=""))
        assert (seen.routing.unit, seen.sure) == (TOWN, False)

    def test_does_not_take_a_point_elsewhere(self):
        with pytest.raises(PointOutsideCity):
            understand(noise(longitude=114.06, latitude=22.54))


class TestSupportAppeal:
    def test_counts_each_person_once(self):
        done = sent()
        assert support_appeal(done.case_id, who="account:1", text="我也是", now=NOW) == 1
        assert support_appeal(done.case_id, who="browser:2", text="", now=NOW) == 2
        with pytest.raises(AlreadySupported):
            support_appeal(done.case_id, who="account:1", text="再说一次", now=NOW)
        assert get_appeal(done.case_id).supporters == 2

    def test_keeps_nothing_that_tells_who_it_was_or_what_else_they_joined(self):
        first, second, key = sent(), sent(), "203.0.113.7-b71c"
        for done in (first, second):
            support_appeal(done.case_id, who=f"browser:{key}", text="我也是", now=NOW)
        kept = [row.who for row in Support.objects.all()]
        entries = [found.entry for found in list_entries(limit=20).entries]
        actors = [entry.actor for entry in entries if entry.action == "appeals.supported"]
        assert len(set(kept)) == len(set(actors)) == 2
        assert not [text for text in (*kept, *actors) if key in text]
        assert all(actor.startswith("browser:") for actor in actors)

    def test_names_an_account_in_the_ledger_only(self):
        done, account = sent(), f"account:{uuid7(NOW)}"
        support_appeal(done.case_id, who=account, text="我也是", now=NOW)
        entries = [found.entry for found in list_entries(subject=f"case:{done.case_id}").entries]
        assert [entry.actor for entry in entries if entry.action == "appeals.supported"] == [account]
        assert account not in Support.objects.get().who

    def test_hides_those_who_joined_before_names_were_hidden(self):
        done = sent()
        Support.objects.create(appeal_id=done.case_id, who="browser:old", text="", at=NOW)
        import_module("zhicheng.apps.appeals.migrations.0002_support_hashed").hash_supporters(apps, None)
        with pytest.raises(AlreadySupported):
            support_appeal(done.case_id, who="browser:old", text="", now=NOW)
        assert "old" not in Support.objects.get().who

    def test_is_in_the_ledger_without_words(self):
        done = sent()
        support_appeal(done.case_id, who="browser:2", text="我住三楼", now=NOW)
        entries = [found.entry for found in list_entries(subject=f"case:{done.case_id}", limit=10).entries]
        joined = next(entry for entry in entries if entry.action == "appeals.supported")
        assert "三楼" not in str(joined)

    def test_is_not_for_what_has_ended_or_never_was(self):
        done = sent()
        do_own(done.case_id, "withdraw")
        for case_id in (done.case_id, uuid7(NOW)):
            with pytest.raises(CaseNotFound):
                support_appeal(case_id, who="browser:2", text="", now=NOW)

    def test_leaves_item_and_unit_as_they_are(self):
        done = sent()
        support_appeal(done.case_id, who="browser:2", text="其实是停水", now=NOW)
        assert (done.unit, find_alike(noise())[0].item_label) == (WORKS, "夜间施工噪音")
        assert find_alike(noise(confirmed_item=NOISE))[0].supporters == 1

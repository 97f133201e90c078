"""Prefilling: with consent, on record, never in the way."""

import threading

import pytest

from zhicheng.core.forms.base import PrefillSource
from zhicheng.core.forms.contrib.demo import fetch_known, fetch_refused
from zhicheng.core.forms.contrib.profile import PROFILE
from zhicheng.core.forms.errors import FormUnknown
from zhicheng.core.forms.public import (
    agree_to_source,
    list_offered_sources,
    prefill_draft,
    prefill_sources,
    save_draft,
    show_values,
)
from zhicheng.core.forms.tests.conftest import NOW, WANG_NUMBER
from zhicheng.core.forms.values import Draft, Owner, PrefillAsk, PrefillReport, SaveDraft
from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.errors import NotPermitted
from zhicheng.core.parties.public import create_party, list_consents
from zhicheng.core.parties.values import ANONYMOUS, Actor, PersonalFields

pytestmark = pytest.mark.django_db


@pytest.fixture
def village_source(monkeypatch):
    """Makes the village's register answer with a given function."""

    def install(fetch, *, local: bool = False) -> None:
        labels = {"name": "姓名", "birth_date": "出生日期"}
        source = PrefillSource("village", "村民册", labels, "由村委会登记。", fetch, local)
        monkeypatch.setattr(prefill_sources, "_entries", {"village": source})

    install(fetch_known)
    return install


@pytest.fixture
def agreed(draft: Draft, wang: Actor, village_source) -> None:
    agree_to_source(draft, "village", actor=wang, now=NOW)


def ask(draft: Draft, wang: Actor, timeout_s: float = 2.0) -> PrefillReport:
    wanted = PrefillAsk(draft.id, draft.version, ("village",), wang, timeout_s)
    return prefill_draft(wanted, owner=Owner(party=wang.party_id), now=NOW)


class TestPrefillDraft:
    def test_fills_in_and_says_from_where(self, draft, wang, agreed):
        report = ask(draft, wang)
        assert report.draft.values == {"name": "王小明", "birth_date": "1990-03-07"}
        assert report.answers[0].filled == ("name", "birth_date")
        shown = {value.name: value.source for value in show_values(report.draft)}
        assert shown["birth_date"] == "来自村民册，2026-11-20"

    def test_asks_nobody_without_consent(self, draft, wang, village_source):
        village_source(lambda *_: pytest.fail("asked"))
        report = ask(draft, wang)
        assert report.draft.values == {}
        assert "还没有同意" in report.answers[0].failure

    def test_leaves_what_the_person_typed(self, draft, wang, owner, agreed):
        typed = save_draft(SaveDraft(draft.id, draft.version, {"name": "王晓明"}), owner=owner, now=NOW)
        assert ask(typed, wang).draft.values == {"name": "王晓明", "birth_date": "1990-03-07"}

    def test_goes_on_when_a_source_fails_as_declared(self, draft, wang, agreed, village_source):
        village_source(fetch_refused)
        assert ask(draft, wang).answers[0].failure == "演示来源正在维护，请自己填写。"

    def test_goes_on_when_a_source_breaks(self, draft, wang, agreed, village_source):
        village_source(lambda *_: 1 / 0)
        assert ask(draft, wang).answers[0].failure == "村民册现在取不到，请自己填写，或者稍后再试。"

    def test_does_not_wait_for_a_source_that_hangs(self, draft, wang, agreed, village_source):
        answered = threading.Event()
        village_source(lambda *_: answered.wait(60) and {})
        report = ask(draft, wang, timeout_s=0.1)
        assert "没有及时答复" in report.answers[0].failure
        answered.set()

    def test_takes_no_value_that_cannot_be_right(self, draft, wang, agreed, village_source):
        village_source(lambda *_: {"name": "王小明", "birth_date": "1990-02-30"})
        assert ask(draft, wang).draft.values == {"name": "王小明"}

    def test_stands_in_the_ledger_without_a_value(self, draft, wang, agreed):
        ask(draft, wang)
        entry = list_entries(subject=f"form_draft:{draft.id}").entries[0].entry
        assert entry.data["outcome"] == "answered"
        assert entry.data["consent"] == str(list_consents(wang.party_id)[0].id)
        assert "王" not in str(entry.data)

    def test_asks_nobody_for_a_stranger(self, draft, wang, village_source, village):
        assert list_offered_sources(draft, None)[0].consented is False
        with pytest.raises(NotPermitted):
            agree_to_source(draft, "village", actor=ANONYMOUS, now=NOW)


class TestCorrecting:
    def test_makes_the_value_the_persons_and_keeps_the_old_one(self, draft, wang, owner, agreed):
        filled = ask(draft, wang).draft
        typed = {"name": "王小明", "birth_date": "1990-03-08"}
        saved = save_draft(SaveDraft(filled.id, filled.version, typed, "person"), owner=owner, now=NOW)
        assert saved.sources["name"].kind == "prefilled"
        source = saved.sources["birth_date"]
        assert (source.kind, source.was, source.was_from) == ("person", "1990-03-07", "村民册")
        again = save_draft(SaveDraft(saved.id, saved.version, {"birth_date": "1990-03-09"}), owner=owner, now=NOW)
        assert again.sources["birth_date"].was == "1990-03-07"


class TestAgreeToSource:
    def test_says_what_is_agreed_to(self, draft, wang, agreed):
        text = "同意从村民册取用我的姓名、出生日期，只用于填写《落户申请》。由村委会登记。"
        assert list_consents(wang.party_id)[0].purpose == text
        assert list_offered_sources(draft, wang.party_id)[0].consented

    def test_knows_the_sources_of_the_form_only(self, draft, wang, village_source):
        with pytest.raises(FormUnknown):
            agree_to_source(draft, "profile", actor=wang, now=NOW)


class TestProfile:
    def test_gives_ones_own_fields_on_record(self, wang):
        found = PROFILE.fetch(wang.party_id, ("name", "id_number"), NOW, 1.0)
        assert found == {"name": "王小明", "id_number": WANG_NUMBER}
        entries = list_entries(subject=f"party:{wang.party_id}").entries
        assert "party.revealed" in {kept.entry.action for kept in entries}

    def test_gives_no_number_that_nobody_has_proven(self, db):
        party = create_party(PersonalFields(name="王小明", id_number=WANG_NUMBER), now=NOW)
        assert PROFILE.fetch(party, ("name", "id_number"), NOW, 1.0) == {"name": "王小明"}

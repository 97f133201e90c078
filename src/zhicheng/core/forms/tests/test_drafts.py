"""Drafts: saved as people go, resumed elsewhere, nobody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from zhicheng.core.forms.errors import DraftChanged, DraftNotFound, FormUnknown, TooManyDrafts
from zhicheng.core.forms.gate.owning import owner_of
from zhicheng.core.forms.models import FormDraft
from zhicheng.core.forms.operations.drafts import MOST_ANONYMOUS
from zhicheng.core.forms.public import adopt_drafts, delete_draft, get_draft, list_drafts, save_draft, start_draft
from zhicheng.core.forms.tests.conftest import GOOD, NOW, PROPERTIES, SCHEMA, install_form
from zhicheng.core.forms.values import Draft, Owner, SaveDraft
from zhicheng.core.parties.values import ANONYMOUS, Actor

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def save(draft: Draft, owner: Owner, section: str = "", **values: object) -> Draft:
    return save_draft(SaveDraft(draft.id, draft.version, values, section), owner=owner, now=LATER)


class TestSaveDraft:
    def test_keeps_a_half_filled_page_with_its_mistakes(self, draft: Draft, owner: Owner):
        save(draft, owner, "person", name="王小明", income="很多")
        found = get_draft(draft.id, owner=owner, now=LATER)
        assert found.values == {"name": "王小明", "income": "很多"}
        assert found.version == 2

    def test_keeps_other_pages_and_empties_what_was_emptied(self, draft: Draft, owner: Owner):
        one = save(draft, owner, "person", name="王小明", phone="13800138000")
        two = save(one, owner, "family", marital="single")
        three = save(two, owner, "person", name="王小明")
        assert three.values == {"name": "王小明", "marital": "single"}

    def test_refuses_to_overwrite_what_another_device_saved(self, draft: Draft, owner: Owner):
        save(draft, owner, name="王小明")
        with pytest.raises(DraftChanged):
            save(draft, owner, name="王大明")
        assert get_draft(draft.id, owner=owner, now=LATER).values["name"] == "王小明"

    def test_puts_the_expiry_off(self, draft: Draft, owner: Owner):
        assert save(draft, owner, name="王小明").expires_at == LATER + timedelta(days=90)

    def test_leaves_no_readable_value_in_the_table(self, draft: Draft, owner: Owner):
        save(draft, owner, **GOOD)
        row = FormDraft.objects.values_list().get(id=draft.id)
        assert "王小明".encode() not in b"".join(
            bytes(v) if isinstance(v, memoryview) else str(v).encode() for v in row
        )

    def test_says_that_every_typed_value_is_the_persons(self, draft: Draft, owner: Owner):
        assert save(draft, owner, name="王小明").sources["name"].kind == "person"

    def test_knows_the_sections_of_the_form(self, draft: Draft, owner: Owner):
        with pytest.raises(FormUnknown):
            save(draft, owner, "nothing", name="王小明")


class TestGetDraft:
    def test_is_for_its_owner_alone(self, draft: Draft):
        for other in (Owner(), Owner(token="x"), Owner(party=draft.id)):
            with pytest.raises(DraftNotFound):
                get_draft(draft.id, owner=other, now=NOW)

    def test_ends_after_90_days(self, draft: Draft, owner: Owner):
        with pytest.raises(DraftNotFound):
            get_draft(draft.id, owner=owner, now=NOW + timedelta(days=90))
        assert list_drafts(owner, now=NOW + timedelta(days=90)) == []

    def test_keeps_the_version_it_was_begun_with(self, draft: Draft, owner: Owner):
        other = {**SCHEMA, "properties": {**PROPERTIES, "phone": {**PROPERTIES["phone"], "x-label": "联系电话"}}}
        assert install_form(other) != draft.form.hash
        assert get_draft(draft.id, owner=owner, now=NOW).form.field("phone").label == "手机号码"
        assert start_draft("settle", owner=owner, now=NOW).form.field("phone").label == "联系电话"


class TestStartDraft:
    def test_needs_a_form_of_the_pack(self, village: str, owner: Owner):
        with pytest.raises(FormUnknown):
            start_draft("nothing", owner=owner, now=NOW)

    def test_lets_nobody_keep_too_many(self, village: str):
        stranger = owner_of(ANONYMOUS, "browser-of-chen")
        for _ in range(MOST_ANONYMOUS):
            start_draft("settle", owner=stranger, now=NOW)
        with pytest.raises(TooManyDrafts):
            start_draft("settle", owner=stranger, now=NOW)


class TestAdoptDrafts:
    def test_takes_an_anonymous_draft_along_to_the_account(self, village: str, wang: Actor, owner: Owner):
        stranger = owner_of(ANONYMOUS, "browser-of-wang")
        begun = start_draft("settle", owner=stranger, now=NOW)
        save(begun, stranger, name="王小明")
        assert adopt_drafts("browser-of-wang", wang.party_id, now=LATER) == 1
        assert get_draft(begun.id, owner=owner, now=LATER).values == {"name": "王小明"}
        with pytest.raises(DraftNotFound):
            get_draft(begun.id, owner=stranger, now=LATER)

    def test_takes_nothing_without_a_token(self, draft: Draft, wang: Actor):
        assert adopt_drafts("", wang.party_id, now=LATER) == 0


class TestListDrafts:
    def test_shows_ones_own_newest_first(self, draft: Draft, owner: Owner):
        second = start_draft("settle", owner=owner, now=LATER, subject="item:other")
        assert [row.id for row in list_drafts(owner, now=LATER)] == [second.id, draft.id]
        assert [row.id for row in list_drafts(owner, now=LATER, subject="item:settle")] == [draft.id]
        assert replace(list_drafts(owner, now=LATER)[0], id=draft.id).label == "落户申请"


class TestDeleteDraft:
    def test_is_for_its_owner_alone(self, draft: Draft, owner: Owner):
        with pytest.raises(DraftNotFound):
            delete_draft(draft.id, owner=Owner(token="x"))
        delete_draft(draft.id, owner=owner)
        assert list_drafts(owner, now=NOW) == []

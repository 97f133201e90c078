"""Submitting: whole, once, for ever."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from zhicheng.core.forms.errors import DraftChanged, DraftNotFound, DraftSubmitted
from zhicheng.core.forms.models import FormSubmission
from zhicheng.core.forms.public import (
    find_submission,
    get_form,
    get_submission,
    list_drafts,
    prepare_submission,
    save_draft,
    show_values,
    submission_parts,
    submit_form,
)
from zhicheng.core.forms.tests.conftest import GOOD, NOW, SCHEMA, install_form
from zhicheng.core.forms.values import Draft, Owner, SaveDraft
from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.values import Actor
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.kit.sqltext import Part, compose

pytestmark = pytest.mark.django_db
CASE = UUID(int=7)


@pytest.fixture
def full(draft: Draft, owner: Owner) -> Draft:
    return save_draft(SaveDraft(draft.id, draft.version, GOOD), owner=owner, now=NOW)


def submit(draft: Draft, owner: Owner, subject: UUID = CASE) -> UUID:
    with transaction.atomic():
        prepared = prepare_submission(draft.id, draft.version, owner=owner, now=NOW)
        sql, params = compose(submission_parts(prepared, subject=subject), Part("", "SELECT 1"))
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
    return prepared.id


class TestPrepareSubmission:
    def test_refuses_a_form_that_is_not_whole(self, draft: Draft, owner: Owner):
        with pytest.raises(FieldErrors) as caught, transaction.atomic():
            prepare_submission(draft.id, draft.version, owner=owner, now=NOW)
        assert caught.value.fields["name"] == ["请填写姓名。"]
        assert "spouse" not in caught.value.fields

    def test_asks_for_missing_materials_by_name(self, full: Draft, owner: Owner):
        install_form(SCHEMA, materials=[{"code": "id_card", "required": True, "when": None, "note": ""}])
        assert full.form.materials == ()
        needs = get_form("settle").materials
        with pytest.raises(FieldErrors) as caught, transaction.atomic():
            prepare_submission(full.id, full.version, owner=owner, now=NOW, needs=needs)
        assert caught.value.fields == {"material.id_card": ["还差一份材料：居民身份证。请上传，或选用已有的证照。"]}


class TestSubmissionParts:
    def test_store_values_sources_and_the_case_and_end_the_draft(self, full: Draft, owner: Owner):
        found = get_submission(submit(full, owner))
        assert found.values["income"] == 820_050
        assert found.sources["name"].kind == "person"
        assert (found.subject, found.form.hash) == (CASE, full.form.hash)
        assert find_submission(CASE) == found
        assert list_drafts(owner, now=NOW) == []

    def test_happen_once(self, full: Draft, owner: Owner):
        first = submit(full, owner)
        with pytest.raises(DraftSubmitted) as caught:
            submit(full, owner)
        assert caught.value.data == {"submission": first, "subject": CASE}
        with pytest.raises(DraftNotFound):
            submit(full, Owner(token="x"))

    def test_do_nothing_when_their_gate_is_closed(self, full: Draft, owner: Owner):
        with transaction.atomic():
            prepared = prepare_submission(full.id, full.version, owner=owner, now=NOW)
            gate = Part("fresh", "SELECT 1 WHERE false")
            sql, params = compose([gate, *submission_parts(prepared, subject=CASE, gate="fresh")], Part("", "SELECT 1"))
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
        assert find_submission(CASE) is None
        assert len(list_drafts(owner, now=NOW)) == 1

    def test_give_the_submission_for_ever(self, full: Draft, owner: Owner):
        submission = submit(full, owner)
        for change in ({"subject": None}, {"definition": "x"}, {"content_digest": b""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                FormSubmission.objects.filter(id=submission).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM forms_formsubmission")


class TestSubmitForm:
    def test_stands_in_the_ledger_without_a_value(self, full: Draft, owner: Owner, wang: Actor):
        prepared = submit_form(full.id, full.version, owner=owner, actor=wang, now=NOW)
        entry = list_entries(subject=f"form_submission:{prepared.id}").entries[0].entry
        assert entry.action == "form.submitted"
        assert "王" not in str(entry.data)


class TestShowValues:
    def test_masks_personal_values(self, full: Draft, owner: Owner):
        found = get_submission(submit(full, owner))
        shown = {value.name: value.text for value in show_values(found)}
        assert shown["name"] == "王**"
        assert shown["id_number"] == "110***********1239"
        assert shown["income"] == "8,200.50 元"
        assert shown["birth_date"] == "1990年3月7日"
        open_ = {value.name: value.text for value in show_values(found, mask=False)}
        assert open_["name"] == "王小明"


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_submit_once_between_them(self, full: Draft, owner: Owner):
        answers = at_once(2, lambda _: submit(full, owner))
        assert sorted(type(answer).__name__ for answer in answers) == ["DraftSubmitted", "UUID"]
        assert FormSubmission.objects.count() == 1

    def test_save_once_between_them(self, draft: Draft, owner: Owner):
        def save(number: int) -> object:
            return save_draft(SaveDraft(draft.id, draft.version, {"name": f"王{number}"}), owner=owner, now=NOW)

        answers = at_once(4, save)
        assert sum(isinstance(answer, DraftChanged) for answer in answers) == 3


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """Let threads act together; what each returned or raised."""
    gate = threading.Barrier(count)

    def run(number: int) -> object:
        gate.wait()
        try:
            return act(number)
        except ZhichengError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))

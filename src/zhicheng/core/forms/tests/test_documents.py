"""Materials: checked, sealed, read, compared, reused."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image

from zhicheng.core.forms.base import TextLine
from zhicheng.core.forms.errors import MaterialNotFound, MaterialRefused
from zhicheng.core.forms.gate.files import material_path, read_sealed
from zhicheng.core.forms.models import FormDocument, FormDraft, FormSubmission, ReadingJob
from zhicheng.core.forms.operations.reading import read_waiting
from zhicheng.core.forms.public import (
    add_document,
    choose_held,
    delete_draft,
    drop_held,
    fill_from_documents,
    find_contradictions,
    get_document,
    get_draft,
    get_submission,
    list_documents,
    material_slots,
    remove_document,
    reseal_forms,
    save_draft,
    start_draft,
    submit_form,
    sweep_forms,
    text_readers,
)
from zhicheng.core.forms.tests.conftest import GOOD, NOW, WANG_NUMBER
from zhicheng.core.forms.values import Condition, Draft, MaterialNeed, NewDocument, Owner, SaveDraft
from zhicheng.core.parties.errors import PersonalDataUnreadable
from zhicheng.core.parties.public import keyring
from zhicheng.core.parties.values import Actor
from zhicheng.kit.files import FileRefused, FileTooLarge

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
CARD = ["姓名 王小明", "性别 男 民族 汉", "出生 1990年3月7日", f"公民身份号码 {WANG_NUMBER}"]
NEEDS = (MaterialNeed("id_card"),)


def photo(colour: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


def upload(draft: Draft, owner: Owner, content: bytes | None = None, name: str = "身份证.png"):
    return add_document(NewDocument(draft.id, "id_card", name, content or photo()), owner=owner, now=NOW)


@pytest.fixture
def engine(monkeypatch, transactional_db):
    """Makes the text reader see given lines."""

    def see(*lines: str) -> None:
        def find_lines(content: bytes, media_type: str) -> list[TextLine]:
            return [TextLine(line, 0.95) for line in lines]

        monkeypatch.setattr(text_readers, "_entries", {"ocr": find_lines})

    see(*CARD)
    return see


class TestAddDocument:
    def test_keeps_no_readable_byte_on_the_disk(self, draft, owner):
        found = upload(draft, owner)
        kept = material_path(found.id).read_bytes()
        assert b"JFIF" not in kept
        assert read_sealed(found.id).startswith(b"\xff\xd8")
        assert (material_path(found.id).stat().st_mode & 0o777) == 0o600

    @pytest.mark.parametrize("content", [b"", b"MZ\x90 not a photo", b"<svg onload=alert(1)>", photo()[:40]])
    def test_refuses_what_is_no_photo_and_no_pdf(self, draft, owner, content):
        with pytest.raises(FileRefused):
            add_document(NewDocument(draft.id, "id_card", "x.png", content), owner=owner, now=NOW)

    def test_refuses_large_files_and_unknown_materials(self, draft, owner):
        with pytest.raises(FileTooLarge, match="10 MB"):
            upload(draft, owner, b"%PDF-" + b"0" * (10 * 1024 * 1024))
        with pytest.raises(MaterialRefused, match="没有这种材料"):
            add_document(NewDocument(draft.id, "passport", "x.png", photo()), owner=owner, now=NOW)

    def test_takes_nine_of_one_kind(self, draft, owner):
        for _ in range(9):
            upload(draft, owner)
        with pytest.raises(MaterialRefused, match="9 个"):
            upload(draft, owner)


class TestGetDocument:
    def test_is_for_its_owner_alone(self, draft, owner):
        found = upload(draft, owner)
        assert get_document(found.id, owner=owner)[0] == found
        for stranger in (Owner(), Owner(party=uuid4()), Owner(token="x")):
            with pytest.raises(MaterialNotFound):
                get_document(found.id, owner=stranger)
            with pytest.raises(MaterialNotFound):
                remove_document(found.id, owner=stranger)

    def test_gives_no_file_that_was_moved_to_another_row(self, draft, owner):
        one, other = upload(draft, owner), upload(draft, owner)
        material_path(other.id).write_bytes(material_path(one.id).read_bytes())
        with pytest.raises(PersonalDataUnreadable):
            get_document(other.id, owner=owner)

    def test_knows_nothing_of_a_removed_one(self, draft, owner):
        found = upload(draft, owner)
        remove_document(found.id, owner=owner)
        assert not material_path(found.id).exists()


class TestReadWaiting:
    def test_reads_once_and_keeps_what_it_read_sealed(self, draft, owner, engine):
        found = upload(draft, owner)
        assert found.state == "waiting"
        assert (read_waiting(LATER), read_waiting(LATER)) == (1, 0)
        read = list_documents(draft=draft.id)[0]
        assert (read.state, read.reading.name, read.reading.number) == ("read", "王小明", WANG_NUMBER)
        assert "王小明".encode() not in bytes(FormDocument.objects.get(id=found.id).reading_sealed)

    def test_leaves_it_to_people_after_three_attempts(self, draft, owner, engine, monkeypatch):
        monkeypatch.setattr(text_readers, "_entries", {"ocr": lambda *_: 1 / 0})
        upload(draft, owner)
        for attempt in range(3):
            assert read_waiting(NOW + timedelta(minutes=10 * attempt)) == 1
        assert list_documents(draft=draft.id)[0].state == "unreadable"
        assert ReadingJob.objects.count() == 0

    def test_says_when_nothing_was_recognised(self, draft, owner, engine):
        engine("今天天气很好")
        upload(draft, owner)
        read_waiting(LATER)
        slot = material_slots(draft, party=None, now=LATER, needs=NEEDS)[0]
        assert "由工作人员核对" in slot.words


class TestFindContradictions:
    def _read(self, draft, owner, **values):
        saved = save_draft(SaveDraft(draft.id, draft.version, {**GOOD, **values}), owner=owner, now=NOW)
        upload(draft, owner)
        read_waiting(LATER)
        return find_contradictions(saved)

    def test_finds_none_where_both_say_the_same(self, draft, owner, engine):
        assert self._read(draft, owner) == []

    def test_names_both_and_takes_another_persons_name_gravely(self, draft, owner, engine):
        found = self._read(draft, owner, name="王小红")
        assert [one.text for one in found] == ["材料《居民身份证》上的姓名是王小明，表单填的是王小红。"]
        assert found[0].grave

    def test_does_not_mind_blanks_and_dots(self, draft, owner, engine):
        engine("姓名 阿依古丽·买买提", f"公民身份号码 {WANG_NUMBER}")
        assert self._read(draft, owner, name="阿依古丽·买买提") == []


class TestFillFromDocuments:
    def test_fills_in_what_is_empty_and_says_from_which(self, draft, owner, engine):
        upload(draft, owner)
        read_waiting(LATER)
        filled = fill_from_documents(draft.id, draft.version, owner=owner, now=LATER)
        assert filled.values == {"name": "王小明", "id_number": WANG_NUMBER}
        assert (filled.sources["name"].kind, filled.sources["name"].label) == ("read", "居民身份证")


class TestMaterialSlots:
    def test_ask_for_an_upload_and_then_have_it(self, draft, owner, village):
        assert material_slots(draft, party=None, now=NOW, needs=NEEDS)[0].state == "missing"
        upload(draft, owner)
        assert material_slots(draft, party=None, now=NOW, needs=NEEDS)[0].state == "waiting"

    def test_ask_once_for_what_two_items_want(self, draft):
        needs = (MaterialNeed("id_card", required=False), MaterialNeed("id_card"))
        slots = material_slots(draft, party=None, now=NOW, needs=needs)
        assert [slot.need.required for slot in slots] == [True]

    def test_are_there_before_the_answers_ask_for_them_when_all_are_wanted(self, draft):
        needs = (MaterialNeed("id_card", when=Condition("marital", ("married",))),)
        assert material_slots(draft, party=None, now=NOW, needs=needs) == []
        assert len(material_slots(draft, party=None, now=NOW, needs=needs, every=True)) == 1

    def test_offer_what_was_submitted_before(self, draft, owner, wang: Actor):
        full = save_draft(SaveDraft(draft.id, draft.version, GOOD), owner=owner, now=NOW)
        upload(draft, owner)
        submit_form(full.id, full.version, owner=owner, actor=wang, now=NOW)
        second = start_draft("settle", owner=owner, now=LATER)
        offered = material_slots(second, party=wang.party_id, now=LATER, needs=NEEDS)[0].offered[0]
        assert offered.source == "您 2026-11-20 提交过"
        chosen = ("id_card", offered.provider, offered.ref)
        held = choose_held(chosen, draft=(second.id, second.version), owner=owner, now=LATER)
        assert material_slots(held, party=wang.party_id, now=LATER, needs=NEEDS)[0].state == "have"
        dropped = drop_held("id_card", draft=(held.id, held.version), owner=owner, now=LATER)
        assert dropped.held == {}

    def test_offer_nothing_of_somebody_else(self, draft, owner):
        with pytest.raises(MaterialNotFound):
            choose_held(("id_card", "earlier", str(uuid4())), draft=(draft.id, 1), owner=owner, now=NOW)


class TestSweepForms:
    def test_deletes_expired_drafts_with_their_files(self, draft, owner):
        found = upload(draft, owner)
        assert sweep_forms(NOW + timedelta(days=89)) == 0
        assert sweep_forms(NOW + timedelta(days=91)) == 1
        assert not material_path(found.id).exists()
        assert FormDraft.objects.count() == FormDocument.objects.count() == 0

    def test_gives_a_given_up_draft_a_day(self, draft, owner):
        found = upload(draft, owner)
        delete_draft(draft.id, owner=owner)
        sweep_forms(NOW + timedelta(hours=23))
        assert material_path(found.id).exists()
        sweep_forms(NOW + timedelta(hours=25))
        assert not material_path(found.id).exists()


class TestResealForms:
    def test_follows_a_rotation_so_that_the_old_key_can_go(self, draft, owner, wang, engine):
        found = upload(draft, owner)
        read_waiting(LATER)
        full = save_draft(SaveDraft(draft.id, draft.version, GOOD), owner=owner, now=NOW)
        sent = submit_form(full.id, full.version, owner=owner, actor=wang, now=NOW)
        begun = start_draft("settle", owner=owner, now=NOW)
        old = keyring().current()
        new = keyring().add_key()
        assert reseal_forms(new.id, 100) == 0
        old.path.unlink()
        keyring()._reload()
        assert get_submission(sent.id).values["name"] == "王小明"
        assert get_draft(begun.id, owner=owner, now=NOW).values == {}
        assert get_document(found.id, owner=owner)[0].reading.name == "王小明"
        assert FormSubmission.objects.get().key_id == new.id

"""Materials and sources in a browser without scripts."""

import io
import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from zhicheng.core.forms.base import PrefillSource
from zhicheng.core.forms.contrib.demo import fetch_known, fetch_refused
from zhicheng.core.forms.public import list_documents, list_drafts, owner_of, prefill_sources, start_draft
from zhicheng.core.forms.tests.conftest import NOW, WANG_NUMBER, install_form
from zhicheng.core.forms.values import Draft, Owner
from zhicheng.core.packs.public import forget_installed_pack
from zhicheng.core.parties.public import create_party, list_consents
from zhicheng.core.parties.values import ANONYMOUS, PersonalFields
from zhicheng.kit.clock import frozen

pytestmark = [pytest.mark.django_db, pytest.mark.urls("zhicheng.web.shared.tests.form_urls")]
LABELS = {"name": "姓名", "birth_date": "出生日期"}


@pytest.fixture(autouse=True)
def village(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch):
    settings.KEYS_ROOT = tmp_path / "keys"
    settings.FILES_ROOT = tmp_path / "files"
    settings.FILES_ROOT.mkdir()
    install_form()
    answer(monkeypatch, fetch_known)
    with frozen(NOW):
        yield
    forget_installed_pack()


def answer(monkeypatch: pytest.MonkeyPatch, fetch: Any) -> None:
    source = PrefillSource("village", "村民册", LABELS, "由村委会登记。", fetch)
    monkeypatch.setattr(prefill_sources, "_entries", {"village": source})


@pytest.fixture
def owner() -> Owner:
    """王小明, who has an account."""
    return Owner(party=create_party(PersonalFields(name="王小明", id_number=WANG_NUMBER), now=NOW))


@pytest.fixture
def browser(owner: Owner) -> Client:
    client = Client()
    account = get_user_model()(
        id=uuid4(), login="phone:0123abcd", kind="resident", display_name="王**", party_id=owner.party, created_at=NOW
    )
    account.save(force_insert=True)
    client.force_login(account)
    return client


@pytest.fixture
def draft(owner: Owner) -> Draft:
    return start_draft("settle", owner=owner, now=NOW)


def photo(name: str = "身份证.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


class TestOfferSources:
    def test_asks_for_each_source_on_its_own_and_goes_on(self, browser: Client, draft: Draft, owner: Owner):
        html = browser.get(f"/sources/{draft.id}/").content.decode()
        assert "同意从村民册取用我的姓名、出生日期，只用于填写《落户申请》" in html
        assert "checked" not in html
        sent = browser.post(f"/sources/{draft.id}/", {"source": ["village", "nonsense"]})
        assert sent.headers["Location"] == f"/draft/{draft.id}/person/"
        assert len(list_consents(owner.party)) == 1
        page = browser.get(f"/draft/{draft.id}/person/").content.decode()
        assert "来自村民册，2026-11-20" in page

    def test_asks_nobody_when_nothing_was_chosen(self, browser, draft, owner, monkeypatch):
        answer(monkeypatch, lambda *_: pytest.fail("asked"))
        assert browser.post(f"/sources/{draft.id}/").status_code == 302
        assert list_consents(owner.party) == []

    def test_says_which_source_failed_and_lets_people_go_on(self, browser, draft, monkeypatch):
        answer(monkeypatch, fetch_refused)
        html = browser.post(f"/sources/{draft.id}/", {"source": "village"}).content.decode()
        assert "演示来源正在维护，请自己填写。" in html
        assert f'href="/draft/{draft.id}/person/"' in html


class TestFillMaterials:
    def test_takes_an_upload_and_shows_it(self, browser, draft):
        sent = browser.post(f"/materials/{draft.id}/", {"file.id_card": photo(), "_action": "upload"})
        html = sent.content.decode()
        assert sent.status_code == 200
        assert "已上传 1 个文件，正在核对。" in html
        document = list_documents(draft=draft.id)[0]
        got = browser.get(f"/document/{document.id}/")
        assert got.content.startswith(b"\xff\xd8")
        assert "sandbox" in got.headers["Content-Security-Policy"]
        assert Client().get(f"/document/{document.id}/").status_code == 404

    def test_goes_on_with_the_upload_taken(self, browser, draft):
        sent = browser.post(f"/materials/{draft.id}/", {"file.id_card": photo(), "_action": "next"})
        assert sent.headers["Location"] == f"/draft/{draft.id}/"
        assert len(list_documents(draft=draft.id)) == 1

    def test_says_beside_the_slot_what_is_wrong_with_a_file(self, browser, draft):
        bad = SimpleUploadedFile("病毒.exe", b"MZ\x90")
        html = browser.post(f"/materials/{draft.id}/", {"file.id_card": bad}).content.decode()
        assert 'href="#id_material.id_card"' in html
        assert re.search(r'id="id_material.id_card".*不是能识别的照片', html, re.DOTALL)

    def test_removes_an_upload(self, browser, draft):
        browser.post(f"/materials/{draft.id}/", {"file.id_card": photo()})
        document = list_documents(draft=draft.id)[0]
        browser.post(f"/materials/{draft.id}/", {"_remove": str(document.id)})
        assert list_documents(draft=draft.id) == []

    @pytest.mark.parametrize("sent", [{"_remove": "x"}, {"_reuse": "a|b"}, {"_reuse": ""}, {"_remove": str(uuid4())}])
    def test_answers_nonsense_with_a_sentence(self, browser, draft, sent):
        answered = browser.post(f"/materials/{draft.id}/", sent)
        assert answered.status_code == 422
        assert "没有找到这份材料" in answered.content.decode()

    def test_takes_no_material_that_is_not_asked_for(self, browser, draft):
        html = browser.post(f"/materials/{draft.id}/", {"file.passport": photo()}).content.decode()
        assert "不需要这种材料" in html


class TestRequestOwner:
    def test_takes_a_browsers_drafts_along_to_the_account(self, browser, owner, rf):
        session = browser.session
        session["form_owner"] = "before-signing-in"
        session.save()
        stranger = Client()
        kept = stranger.session
        kept["form_owner"] = "before-signing-in"
        kept.save()
        from_before = _anonymous_draft("before-signing-in")
        assert stranger.get(f"/draft/{from_before.id}/person/").status_code == 200
        assert browser.get(f"/draft/{from_before.id}/person/").status_code == 200
        assert [row.id for row in list_drafts(owner, now=NOW)] == [from_before.id]
        assert stranger.get(f"/draft/{from_before.id}/person/").status_code == 404


def _anonymous_draft(token: str) -> Draft:
    return start_draft("settle", owner=owner_of(ANONYMOUS, token), now=NOW)

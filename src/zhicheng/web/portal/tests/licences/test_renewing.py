"""Renewing with one tap: the form is there with every value and its source, and the new licence replaces the old."""

import json
import re
from datetime import date, timedelta

import pytest

from zhicheng.apps.licences.public import get_my_licence, licence_credential, list_my_licences, revoke_licence
from zhicheng.apps.licences.tests.town import NOW, browser, citizen, hire, issue
from zhicheng.apps.licences.values import LicenceState
from zhicheng.apps.services.public import decide_application
from zhicheng.apps.services.tests.town import ADULT, PHOTO, register
from zhicheng.core.cases.public import Purpose, list_cases
from zhicheng.core.cases.values import CaseFilter
from zhicheng.core.forms.public import add_document, list_drafts, owner_of
from zhicheng.core.forms.values import NewDocument
from zhicheng.core.parties.public import actor_for, write_demo_proofs
from zhicheng.kit.clock import frozen

pytestmark = pytest.mark.usefixtures("town")
KNOWN = {"birth_date": date(1990, 3, 7), "resident_since_date": date(2020, 1, 1)}
LATER = NOW + timedelta(days=160)  # 22 days before the end
FACTS = "zhicheng.apps.services.operations.deciding.register_facts"


@pytest.fixture
def wang(settings, tmp_path, monkeypatch):
    """王小芳, whom the register knows, with her browser."""
    settings.FILES_ROOT = tmp_path
    monkeypatch.setattr(FACTS, lambda _party: register(**KNOWN))
    account, _ = citizen()
    settings.HOME = tmp_path
    write_demo_proofs([("王小芳", ADULT)])
    client = browser(account.id)
    assert client.post("/account/identity/", {"name": "王小芳", "id_number": ADULT}).status_code == 302
    return client, actor_for(account.id, now=NOW)


@pytest.fixture
def stall(wang):
    """Her stall's licence, got by an application of her own."""
    client, actor = wang
    begun = client.post("/services/items/stall.licence/apply/")
    (draft,) = list_drafts(owner_of(actor, ""), now=NOW)
    add_document(NewDocument(draft.id, "id_card", "身份证.png", PHOTO), owner=owner_of(actor, ""), now=NOW)
    person = {"name": "王小芳", "id_number": ADULT, "resident_since": "2020-01-01"}
    for section, values in (("person", person), ("stall", {"stall": "甲 3 号", "goods": "豆花"})):
        address = f"{begun.headers['Location']}{section}/"
        page = client.get(address).content.decode()
        client.post(address, {"version": version(page), "_action": "next", **values})
    submit(client, f"{begun.headers['Location']}check/")
    (licence,) = list_my_licences(actor, now=NOW).licences
    return licence


def version(page):
    return re.search(r'name="version" value="(\d+)"', page)[1]


def submit(client, address):
    page = client.get(address).content.decode()
    answer = client.post(address, {"version": version(page)})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def renew(client, licence):
    return client.post(f"/my/licences/{licence.number}/renew/").headers["Location"]


class TestOneTap:
    def test_opens_the_last_page_with_every_value_and_its_source(self, wang, stall):
        client, _ = wang
        with frozen(LATER):
            address = renew(client, stall)
            page = client.get(address).content.decode()
        assert re.fullmatch(r"/apply/[0-9a-f-]+/check/", address)
        for words in ("王小芳", "甲 3 号", "豆花", "来自证照《摊位经营许可证》", "来自上次申请"):
            assert words in page

    def test_goes_on_with_the_form_begun_before(self, wang, stall):
        client, actor = wang
        with frozen(LATER):
            assert renew(client, stall) == renew(client, stall)
            assert len(list_drafts(owner_of(actor, ""), now=LATER)) == 1

    def test_is_offered_in_the_wallet_on_the_licence_and_from_the_reminder(self, wang, stall):
        client, _ = wang
        form = f'<form action="/my/licences/{stall.number}/renew/" method="post"'
        assert form in client.get("/my/licences/").content.decode()
        assert form in client.get(f"/my/licences/{stall.number}/").content.decode()
        page = client.get(f"/my/licences/{stall.number}/renew/").content.decode()
        assert "续办，资料已填好" in page
        assert "豆花" in page

    def test_leads_to_the_window_where_there_is_no_form(self, wang):
        client, actor = wang
        permit = issue(actor)
        page = client.get(f"/my/licences/{permit.number}/renew/").content.decode()
        assert "/services/items/residence_permit.renewal/" in page
        assert client.post(f"/my/licences/{permit.number}/renew/").status_code == 200


class TestRenewed:
    def test_replaces_the_old_licence_and_goes_on_from_its_end(self, wang, stall):
        client, actor = wang
        with frozen(LATER):
            submit(client, renew(client, stall))
            newer, old = list_my_licences(actor, now=LATER).licences
        assert (old.state, old.replaced_by) == (LicenceState.REPLACED, newer.number)
        assert (newer.valid_from, newer.valid_until) == (date(2026, 8, 9), date(2027, 3, 1))
        assert {line.code: line.value for line in newer.fields} == {line.code: line.value for line in old.fields}

    def test_is_told_to_who_verifies_the_old_one(self, wang, stall):
        client, actor = wang
        text = json.dumps(licence_credential(actor, stall.number))
        with frozen(LATER):
            submit(client, renew(client, stall))
            page = browser().post("/verify/check/", {"credential": text}).content.decode()
            shown = client.get(f"/my/licences/{stall.number}/").content.decode()
        assert 'data-outcome="replaced"' in page
        assert "由一本新证照替换" in page
        assert "已换发新证" in shown

    def test_is_not_begun_twice_while_one_is_under_way(self, wang, stall, monkeypatch):
        client, actor = wang
        monkeypatch.setattr(FACTS, lambda _party: {})
        with frozen(LATER):
            where = submit(client, renew(client, stall))
            assert renew(client, stall) == where
            page = client.get(f"/my/licences/{stall.number}/renew/").content.decode()
        assert "正在续办" in page
        assert get_my_licence(actor, stall.number, now=LATER).state is LicenceState.VALID

    def test_is_looked_at_by_a_person_when_the_old_one_was_revoked_meanwhile(self, wang, stall, monkeypatch):
        client, actor = wang
        monkeypatch.setattr("zhicheng.web.portal.applying.decide_application", lambda *_: "")
        with frozen(LATER):
            submit(client, renew(client, stall))
            revoke_licence(stall.number, actor=hire("zhao.lei", "supervisor", "YX"), reason="转让摊位", now=LATER)
            wanted = CaseFilter(category="stall_licence.renewal")
            (row,) = list_cases(actor, wanted, purpose=Purpose.OWN).rows
            assert decide_application(row.id, LATER) == "review"
            assert len(list_my_licences(actor, now=LATER).licences) == 1
            assert client.get(f"/my/licences/{stall.number}/renew/").status_code == 409

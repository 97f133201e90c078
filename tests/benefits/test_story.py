"""黄桂英 gets her allowance without asking: planned, approved, told, explained, paid; all through the pages."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zhicheng.apps.benefits.public import list_batches
from zhicheng.apps.benefits.tests.bank import answer, lines_of
from zhicheng.apps.benefits.tests.town import HUANG, NOW, SYSTEM, Case, Grant, RunRow, hire, key, settle, work
from zhicheng.core.cases.public import act
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.lake.public import person_key
from zhicheng.core.ledger.public import relay_outbox
from zhicheng.core.parties.public import actor_for, amend_party, record_proof, request_sms_code, sign_in_resident
from zhicheng.core.parties.values import Actor, PersonalFields

pytestmark = pytest.mark.django_db
PHONE, ID_NUMBER = "13800138004", "110101194309163429"
RUNS, PAYMENTS = "/workbench/benefits/", "/workbench/benefits/payments/"
KEY = "0" * 31


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(apps.get_model("parties", "Account").objects.get(pk=actor.account_id))
    return client


def resident(phone: str = PHONE, number: str = ID_NUMBER) -> Actor:
    """Somebody who has signed in and whose ID number is proven."""
    request_sms_code(phone, address="test", now=NOW)
    line = (Path(settings.OUTBOUND_ROOT) / "sms.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    code = re.search(r"[0-9]{6}", json.loads(line)["text"])
    assert code is not None
    account = sign_in_resident(phone, code[0], now=NOW)
    actor = actor_for(account.id, now=NOW)
    if number:
        named = PersonalFields(name="黄桂英", phone=phone, id_number=number)
        amend_party(actor.party_id, named, actor=SYSTEM, now=NOW)
        record_proof(actor.party_id, "window", "window", actor=SYSTEM, now=NOW)
    return actor_for(account.id, now=NOW)


def huang_key() -> str:
    return person_key(ID_NUMBER, today=NOW.date())


def plan_and_approve(officer: Actor, approver: Actor) -> str:
    form = {"audience": "person", "on": "2026-03-02", "idempotency_key": KEY + "1"}
    url = browser(officer).post(f"{RUNS}plan/", form).headers["Location"]
    work()
    assert browser(approver).post(f"{url}approve/", {"idempotency_key": KEY + "2"}).status_code == 302
    work()
    return url


class TestStory:
    def test_reaches_her_without_an_application(self, officer, approver, payer) -> None:
        huang = resident()
        settle({huang_key(): HUANG, key(7): {}})
        url = plan_and_approve(officer, approver)
        assert "已执行" in browser(officer).get(url).content.decode()
        page = browser(huang).get("/my/benefits/").content.decode()
        assert "高龄津贴" in page
        assert "200.00 元" in page
        notice = apps.get_model("notices", "Notice").objects.filter(template="benefit.granted").first()
        assert "200.00 元" in notice.text
        detail = browser(huang).get(f"/my/benefits/{Grant.objects.get().id}/").content.decode()
        assert "benefit.elderly_allowance.eligible" in detail
        assert "行政复议" in detail
        browser(payer).post(f"{PAYMENTS}batch/", {"idempotency_key": KEY + "3"})
        file = SimpleUploadedFile("r.csv", answer(list_batches()[0]))
        assert browser(payer).post(f"{PAYMENTS}return/", {"file": file}).status_code == 302
        assert "已到账" in browser(huang).get("/my/benefits/").content.decode()

    def test_tells_why_not(self, officer, approver) -> None:
        wu = resident()
        settle({huang_key(): {"birth_date": date(1990, 1, 1)}})
        plan_and_approve(officer, approver)
        page = browser(wu).get("/benefits/elderly_allowance/").content.decode()
        assert "不符合条件" in page
        assert "person@0" in page

    def test_pays_once_she_has_confirmed(self, officer, approver, payer) -> None:
        huang = resident()
        settle({huang_key(): {"employment_kind": "self_employed"}})
        plan_and_approve(officer, approver)
        assert browser(payer).post(f"{PAYMENTS}batch/", {"idempotency_key": KEY + "3"}).status_code == 409
        mine = Grant.objects.get()
        for _ in range(2):
            assert browser(huang).post(f"/my/benefits/{mine.id}/confirm/").status_code == 302
        assert browser(payer).post(f"{PAYMENTS}batch/", {"idempotency_key": KEY + "4"}).status_code == 302

    def test_takes_a_correction_to_the_department(self, officer, approver) -> None:
        huang = resident()
        settle({huang_key(): {"birth_date": None}})
        form = {"fact": "birth_date", "claim": "我是1943年生的", "doorstep": "yes", "idempotency_key": KEY + "5"}
        first = browser(huang).post("/benefits/elderly_allowance/correct/", form)
        again = browser(huang).post("/benefits/elderly_allowance/correct/", form)
        assert first.headers["Location"] == again.headers["Location"]
        case = Case.objects.get(process="benefit_correction")
        assert (case.facts["doorstep"], case.unit_id, case.due_at is not None) == (True, "YX", True)
        assert "1943" not in json.dumps(case.facts, ensure_ascii=False) + case.title
        assert "已提交，等部门受理" in browser(huang).get(first.headers["Location"]).content.decode()
        claim = browser(hire("chen.wei", "handler")).get(f"/workbench/benefits/corrections/{case.number}/")
        assert "我是1943年生的" in claim.content.decode()

    def test_pays_again_when_the_account_was_corrected(self, officer, approver, payer) -> None:
        huang = resident()
        settle({huang_key(): HUANG})
        plan_and_approve(officer, approver)
        browser(payer).post(f"{PAYMENTS}batch/", {"idempotency_key": KEY + "3"})
        batch = list_batches()[0]
        failed = answer(batch, results={lines_of(batch)[0][1]: "failed"})
        browser(payer).post(f"{PAYMENTS}return/", {"file": SimpleUploadedFile("r.csv", failed)})
        form = {"fact": "bank_account_known", "claim": "换了新的社保卡", "idempotency_key": KEY + "5"}
        browser(huang).post("/benefits/elderly_allowance/correct/", form)
        case, chen = Case.objects.get(process="benefit_correction"), hire("chen.wei", "handler")
        act(ActCommand(case.id, "accept"), chen, NOW)
        act(ActCommand(case.id, "correct", {"text": "账户已更新为新卡"}), chen, NOW)
        relay_outbox(now=NOW + timedelta(seconds=1), limit=500)
        assert browser(payer).post(f"{PAYMENTS}batch/", {"idempotency_key": KEY + "6"}).status_code == 302


class TestFromOutside:
    def test_nobody_sees_what_others_get(self, officer, approver) -> None:
        resident()
        settle({huang_key(): HUANG})
        plan_and_approve(officer, approver)
        other = browser(resident("13800138009", ""))
        grant = Grant.objects.get()
        assert other.get(f"/my/benefits/{grant.id}/").status_code in {404, 422}
        assert other.post(f"/my/benefits/{grant.id}/confirm/").status_code in {404, 422}
        assert Client().get("/my/benefits/").status_code == 302
        assert Client().get("/benefits/").status_code == 200

    def test_officials_do_what_they_may_and_no_more(self, officer, approver, payer) -> None:
        settle({key(1): HUANG})
        form = {"audience": "person", "on": "2026-03-02", "idempotency_key": KEY + "1"}
        for stranger in (approver, payer, hire("chen.wei", "handler")):
            assert browser(stranger).post(f"{RUNS}plan/", form).status_code == 403
        url = browser(officer).post(f"{RUNS}plan/", form).headers["Location"]
        work()
        for stranger in (officer, payer):
            assert browser(stranger).post(f"{url}approve/", {"idempotency_key": KEY + "2"}).status_code == 403
        for stranger in (officer, approver):
            assert browser(stranger).get(PAYMENTS).status_code == 403
            assert browser(stranger).post(f"{PAYMENTS}batch/", {"idempotency_key": KEY + "3"}).status_code == 403
        assert RunRow.objects.get().approved_at is None
        assert browser(hire("zhou.mei", "call_taker")).get(RUNS).status_code == 403

    def test_a_wrong_return_file_is_refused_with_its_list(self, officer, approver, payer) -> None:
        settle({key(1): HUANG})
        plan_and_approve(officer, approver)
        browser(payer).post(f"{PAYMENTS}batch/", {"idempotency_key": KEY + "3"})
        wrong = SimpleUploadedFile("r.csv", answer(list_batches()[0]).replace(b",20000,", b",30000,"))
        page = browser(payer).post(f"{PAYMENTS}return/", {"file": wrong})
        assert (page.status_code, "第 " in page.content.decode()) == (422, True)
        assert browser(payer).get(PAYMENTS).status_code == 200
        assert browser(payer).get("/workbench/benefits/reclaims/").status_code == 200

"""Licences at the desk: only those of my unit, masked until a purpose is given, ended once."""

from uuid import uuid4

import pytest

from zhicheng.apps.licences.public import get_my_licence
from zhicheng.apps.licences.tests.town import ID_NUMBER, NOW, Entry, browser, hire, issue, resident
from zhicheng.apps.licences.values import LicenceState

pytestmark = pytest.mark.usefixtures("town")
STALL = {"holder": "王小芳", "stall": "东桥市场 7 号", "goods": "水果"}


@pytest.fixture
def permit():
    return issue(resident())


@pytest.fixture
def zhao():
    return browser(hire("zhao.lei", "supervisor", "YX", "赵磊").account_id)


@pytest.fixture
def chen():
    return browser(hire("chen.wei", "handler", "YX-WORKS", "陈伟").account_id)


class TestList:
    def test_shows_the_unit_own_masked(self, chen, permit):
        stall = issue(resident(phone="13800138002"), "stall_licence", fields=STALL)
        page = chen.get("/workbench/licences/").content.decode()
        assert stall.number in page
        assert permit.number not in page
        assert "王小芳" not in page

    def test_is_narrowed_and_survives_nonsense(self, zhao, permit):
        assert permit.number in zhao.get("/workbench/licences/", {"q": permit.number.lower()}).content.decode()
        assert permit.number not in zhao.get("/workbench/licences/", {"type": "stall_licence"}).content.decode()
        assert zhao.get("/workbench/licences/", {"after": "x", "type": "x"}).status_code == 200

    @pytest.mark.parametrize("role", ["leader", "auditor", "call_taker", "security_admin"])
    def test_is_not_for_others(self, role, permit):
        other = browser(hire(f"other.{role}", role, "YX").account_id)
        assert other.get("/workbench/licences/").status_code == 403
        assert other.get(f"/workbench/licences/{permit.number}/").status_code == 403


class TestPage:
    def test_masks_until_a_purpose_is_given(self, zhao, permit):
        address = f"/workbench/licences/{permit.number}/"
        assert ID_NUMBER not in zhao.get(address).content.decode()
        assert zhao.post(f"{address}reveal/", {"purpose": "curiosity"}).status_code == 422
        assert ID_NUMBER in zhao.post(f"{address}reveal/", {"purpose": "inspection"}).content.decode()
        assert Entry.objects.get(action="licence.revealed").reason == "监督检查"

    @pytest.mark.parametrize("part", ["", "reveal/", "revoke/", "suspend/", "resume/"])
    def test_of_another_unit_is_not_there(self, chen, permit, part):
        address = f"/workbench/licences/{permit.number}/{part}"
        given = {"purpose": "inspection", "revoke_reason": "x", "suspend_reason": "x", "resume_reason": "x"}
        answer = chen.post(address, given) if part else chen.get(address)
        assert answer.status_code == 404

    def test_asks_nobody_who_is_not_signed_in(self, permit):
        assert browser().get(f"/workbench/licences/{permit.number}/").status_code == 302


class TestActs:
    def test_happen_once_however_often_the_form_is_sent(self, zhao):
        wang = resident()
        permit, key = issue(wang), uuid4().hex
        for _ in range(2):
            sent = zhao.post(
                f"/workbench/licences/{permit.number}/revoke/", {"revoke_reason": "材料虚假", "idempotency_key": key}
            )
            assert sent.status_code == 302
        assert get_my_licence(wang, permit.number, now=NOW).state is LicenceState.REVOKED
        assert Entry.objects.filter(action="licence.revoked").count() == 1

    def test_need_a_reason(self, zhao, permit):
        answer = zhao.post(f"/workbench/licences/{permit.number}/suspend/", {"idempotency_key": uuid4().hex})
        assert answer.status_code == 422
        assert "请写明理由" in answer.content.decode()

    def test_need_the_permission(self, chen):
        stall = issue(resident(), "stall_licence", fields=STALL)
        answer = chen.post(
            f"/workbench/licences/{stall.number}/revoke/", {"revoke_reason": "x", "idempotency_key": uuid4().hex}
        )
        assert answer.status_code == 403

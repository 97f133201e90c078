"""Approving at the desk what ends in a licence: known lines stand there, open ones are asked, nothing typed is lost."""

import re
from uuid import uuid4

import pytest

from zhicheng.apps.licences.public import list_my_licences
from zhicheng.apps.licences.tests.town import NOW, browser, hire
from zhicheng.apps.services.public import decide_application
from zhicheng.apps.services.tests.town import PHOTO, filled, resident, submitted
from zhicheng.core.cases.public import get_row
from zhicheng.core.forms.public import add_document, get_draft
from zhicheng.core.forms.values import NewDocument, Owner

pytestmark = pytest.mark.usefixtures("town")
GIVEN = {"line_use": "居民", "line_fitted": "2026-03-01", "line_pipe": "20", "text": "符合条件"}


@pytest.fixture
def fang():
    return resident()


@pytest.fixture
def case(fang, settings, tmp_path, monkeypatch):
    """The number of 王小芳's application for water, waiting for a person."""
    settings.FILES_ROOT = tmp_path
    monkeypatch.setattr("zhicheng.apps.services.operations.deciding.register_facts", lambda _party: {})
    draft, owner = filled(fang, code="stall.water"), Owner(party=fang.party_id)
    add_document(NewDocument(draft.id, "stall_licence", "许可证.png", PHOTO), owner=owner, now=NOW)
    applied = submitted(fang, get_draft(draft.id, owner=owner, now=NOW))
    assert decide_application(applied.case_id, NOW) == "review"
    return get_row(applied.case_id)


@pytest.fixture
def lin():
    return browser(hire("lin.tao", "handler", "YX-WATER", "林涛").account_id)


def approve(lin, case, given, key=None):
    address = f"/workbench/cases/{case.number}/actions/approve/"
    return lin.post(address, {"version": case.version, "idempotency_key": key or uuid4().hex, **given})


class TestPage:
    def test_shows_known_lines_with_their_source_and_asks_for_the_others(self, lin, case):
        page = lin.get(f"/workbench/cases/{case.number}/", {"action": "approve"}).content.decode()
        assert "将签发：用水接入证明" in page
        assert "甲 3 号" in page
        assert "申请表“想要的摊位”" in page
        assert re.search(r'<input type="radio" name="line_use" value="经营"', page)
        assert re.search(r'<input class="input input--date" type="date"[^>]* name="line_fitted" required', page)
        assert "口径" in page
        assert 'name="line_holder"' not in page


class TestApprove:
    def test_keeps_everything_typed_when_something_is_wrong(self, lin, case, fang):
        answer = approve(lin, case, {**GIVEN, "line_fitted": "2026-02-30"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "通水日期要写成日期" in page
        assert re.search(r'name="line_use" value="居民" checked', page)
        assert re.search(r'name="line_pipe"[^>]* value="20"', page)
        assert "符合条件</textarea>" in page
        assert list_my_licences(fang, now=NOW).licences == ()

    def test_issues_one_licence_however_often_it_is_sent(self, lin, case, fang):
        key = uuid4().hex
        assert [approve(lin, case, GIVEN, key).status_code for _ in range(2)] == [302, 302]
        (licence,) = list_my_licences(fang, now=NOW).licences
        assert {line.label: line.value for line in licence.fields}["通水日期"] == "2026年3月1日"

    def test_says_on_the_licence_who_filled_what(self, lin, case, fang):
        approve(lin, case, GIVEN)
        (licence,) = list_my_licences(fang, now=NOW).licences
        zhao = browser(hire("zhao.lei", "supervisor", "YX", "赵磊").account_id)
        page = zhao.get(f"/workbench/licences/{licence.number}/").content.decode()
        assert re.search(r"居民 <span[^>]*>（承办人填写）", page)

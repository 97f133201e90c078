"""A form is filled in page by page in a browser without scripts."""

import re
from typing import Any

import pytest
from django.test import Client

from zhicheng.core.forms.public import get_draft, save_draft, start_draft
from zhicheng.core.forms.tests.conftest import NOW, SCHEMA, WANG_NUMBER, install_form
from zhicheng.core.forms.values import Draft, Owner, SaveDraft
from zhicheng.core.packs.public import forget_installed_pack
from zhicheng.kit.clock import frozen
from zhicheng.web.shared.form_pages import request_owner

pytestmark = [pytest.mark.django_db, pytest.mark.urls("zhicheng.web.shared.tests.form_urls")]
PERSON = {"name": "王小明", "id_number": WANG_NUMBER, "birth_date": "1990-03-07", "income": "8200.5"}


@pytest.fixture(autouse=True)
def village(settings: Any, tmp_path: Any):
    settings.KEYS_ROOT = tmp_path / "keys"
    install_form()
    with frozen(NOW):
        yield
    forget_installed_pack()


@pytest.fixture
def browser() -> Client:
    client = Client()
    session = client.session
    session["form_owner"] = "chen-jie"
    session.save()
    return client


@pytest.fixture
def owner(browser: Client, rf: Any) -> Owner:
    request = rf.get("/")
    request.session = browser.session
    return request_owner(request)


@pytest.fixture
def draft(owner: Owner) -> Draft:
    return start_draft("settle", owner=owner, now=NOW)


def send(browser: Client, draft: Draft, code: str, **sent: Any):
    return browser.post(f"/draft/{draft.id}/{code}/", {"version": draft.version, **sent})


class TestFillSection:
    def test_saves_a_page_and_goes_on(self, browser: Client, draft: Draft, owner: Owner):
        answer = send(browser, draft, "person", **PERSON)
        assert answer.headers["Location"] == f"/draft/{draft.id}/family/"
        assert get_draft(draft.id, owner=owner, now=NOW).values["income"] == 820_050

    def test_shows_mistakes_beside_the_field_and_on_top_and_keeps_what_was_typed(self, browser, draft, owner):
        answer = send(browser, draft, "person", **{**PERSON, "income": "很多", "name": ""})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#id_income"' in html
        assert re.search(r'id="id_income_error".*?请填写金额', html, re.DOTALL)
        assert 'value="很多"' in html
        assert "请填写姓名" in html
        assert get_draft(draft.id, owner=owner, now=NOW).values["income"] == "很多"

    def test_can_be_left_half_filled(self, browser, draft, owner):
        answer = send(browser, draft, "person", name="王小明", _action="save")
        assert answer.headers["Location"] == "/"
        again = browser.get(f"/draft/{draft.id}/person/").content.decode()
        assert 'value="王小明"' in again
        assert "error-summary" not in again

    def test_adds_and_removes_members_of_a_group(self, browser, draft, owner):
        family = {"marital": "single", "has_children": "true"}
        first = send(browser, draft, "family", **family, _add="children")
        assert 'name="children.0.name"' in first.content.decode()
        two = {"children.0.name": "王一", "children.1.name": "王二"}
        saved = get_draft(draft.id, owner=owner, now=NOW)
        send(browser, saved, "family", **family, **two, _remove="children.0")
        assert get_draft(draft.id, owner=owner, now=NOW).values["children"] == [{"name": "王二"}]

    def test_says_when_a_field_is_needed_for_those_without_scripts(self, browser, draft):
        html = browser.get(f"/draft/{draft.id}/family/").content.decode()
        assert 'data-shown-when="marital=married"' in html
        assert "“婚姻状况”选“已婚”时填写。" in html

    def test_keeps_what_was_typed_when_another_device_was_faster(self, browser, draft, owner):
        save_draft(SaveDraft(draft.id, draft.version, {"phone": "13800138000"}), owner=owner, now=NOW)
        answer = send(browser, draft, "person", **PERSON)
        assert answer.status_code == 409
        assert 'value="王小明"' in answer.content.decode()
        assert get_draft(draft.id, owner=owner, now=NOW).values == {"phone": "13800138000"}

    def test_is_nobody_elses(self, draft):
        assert Client().get(f"/draft/{draft.id}/person/").status_code == 404

    def test_says_where_a_corrected_value_came_from(self, browser, draft, owner):
        html = send(browser, draft, "person", **PERSON, _action="back").headers["Location"]
        assert html == f"/draft/{draft.id}/person/"

    def test_gives_each_id_once_and_no_inline_script(self, browser, draft):
        html = browser.get(f"/draft/{draft.id}/family/").content.decode()
        ids = re.findall(r"\sid=\"([^\"]+)\"", html)
        assert sorted(ids) == sorted(set(ids))
        assert not re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", html)


class TestReviewSections:
    def test_shows_all_answers_with_what_is_missing(self, browser, draft):
        send(browser, draft, "person", **PERSON)
        html = browser.get(f"/draft/{draft.id}/").content.decode()
        assert "8,200.50 元" in html
        assert "请选择婚姻状况" in html


class TestPromise:
    def test_is_one_box_to_tick(self, browser, owner):
        promise = {"type": "boolean", "const": True, "x-label": "以上内容真实"}
        install_form(_with(promise))
        draft = start_draft("settle", owner=owner, now=NOW)
        html = browser.get(f"/draft/{draft.id}/promise/").content.decode()
        assert re.search(r'type="checkbox" name="promise" value="true"', html)
        refused = send(browser, draft, "promise")
        assert "请确认：以上内容真实。" in refused.content.decode()
        again = get_draft(draft.id, owner=owner, now=NOW)
        assert send(browser, again, "promise", promise="true").status_code == 302


class TestGroup:
    def test_keeps_the_order_in_which_its_fields_are_written(self, browser, draft, owner):
        family = {"marital": "single", "has_children": "true"}
        html = send(browser, draft, "family", **family, _add="children").content.decode()
        names = re.findall(r'for="id_children\.0\.(\w+)"', html)
        assert names.index("name") < names.index("school_name")


def _with(promise: dict[str, Any]) -> dict[str, Any]:
    page = {"code": "promise", "label": "声明", "fields": ["promise"]}
    return {
        **SCHEMA,
        "required": [*SCHEMA["required"], "promise"],
        "x-sections": [*SCHEMA["x-sections"], page],
        "properties": {**SCHEMA["properties"], "promise": promise},
    }

"""The forms of actions on the case page."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from zhicheng.apps.appeals.public import get_taxonomy, submit_appeal
from zhicheng.apps.appeals.values import AppealDraft
from zhicheng.core.parties.values import Actor, ActorKind
from zhicheng.kit.clock import now
from zhicheng.web.workbench import choices
from zhicheng.web.workbench.tests.conftest import hire, send, signed_in

VAGUE = AppealDraft("这里的情况很久没有人管了，请派人来看一看", anonymous=True)


class TestDispatchForm:
    def test_leaves_the_unit_to_the_responsibility_list_unless_one_is_chosen(self) -> None:
        sent = submit_appeal(VAGUE, actor=Actor(ActorKind.ANONYMOUS), now=now())
        hire("huang.qian", "黄倩", role="dispatcher", unit=sent.unit)
        page = signed_in("huang.qian").get(f"/workbench/cases/{sent.number}/").content.decode()
        select = re.search(r'<select[^>]*name="unit".*?</select>', page, re.DOTALL)
        assert select is not None
        assert re.findall(r'<option value="([^"]*)"', select.group())[0] == ""

    def test_fetches_the_long_list_of_items_when_somebody_looks_for_one(self) -> None:
        sent = submit_appeal(VAGUE, actor=Actor(ActorKind.ANONYMOUS), now=now())
        hire("huang.qian", "黄倩", role="dispatcher", unit=sent.unit)
        desk, address = signed_in("huang.qian"), f"/workbench/cases/{sent.number}/"
        page = desk.get(address).content.decode()
        assert 'data-source="/workbench/items/"' in page
        assert "来自/workbench/" not in re.sub("<[^>]*>", "", page)
        assert '<noscript><a href="?action=dispatch&amp;items=all">' in page
        whole = desk.get(address, {"action": "dispatch", "items": "all"}).content.decode()
        assert all(f'<option value="{item.code}"' in whole for item in get_taxonomy())

    def test_stays_small_with_six_hundred_items(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sent = submit_appeal(VAGUE, actor=Actor(ActorKind.ANONYMOUS), now=now())
        hire("huang.qian", "黄倩", role="dispatcher", unit=sent.unit)
        desk, address = signed_in("huang.qian"), f"/workbench/cases/{sent.number}/"
        some = list(get_taxonomy())
        many = [replace(some[n % len(some)], code=f"made.up.item{n}") for n in range(600)]
        monkeypatch.setattr(choices, "get_taxonomy", lambda: many)
        assert len(desk.get(address).content) <= 100_000
        assert desk.get(address, {"items": "all"}).content.count(b'value="made.up.item') == 600

    def test_keeps_the_chosen_item_when_something_else_is_wrong(self) -> None:
        sent = submit_appeal(VAGUE, actor=Actor(ActorKind.ANONYMOUS), now=now())
        hire("huang.qian", "黄倩", role="dispatcher", unit=sent.unit)
        item = list(get_taxonomy())[-1].code
        address = f"/workbench/cases/{sent.number}/actions/dispatch/"
        answer = send(signed_in("huang.qian"), address, item=item, unit="NOWHERE")
        assert answer.status_code == 422
        assert re.search(f'<option value="{re.escape(item)}"[^>]* selected', answer.content.decode())

    def test_is_told_when_no_item_was_chosen(self) -> None:
        sent = submit_appeal(VAGUE, actor=Actor(ActorKind.ANONYMOUS), now=now())
        hire("huang.qian", "黄倩", role="dispatcher", unit=sent.unit)
        answer = send(signed_in("huang.qian"), f"/workbench/cases/{sent.number}/actions/dispatch/", item="", unit="")
        assert answer.status_code == 422


class TestItems:
    def test_are_given_once_a_release(self) -> None:
        hire("huang.qian", "黄倩", role="dispatcher")
        desk = signed_in("huang.qian")
        first = desk.get("/workbench/items/")
        codes = {row[0] for group in first.json() for row in group["options"] if row[0]}
        assert codes == {item.code for item in get_taxonomy()}
        again = desk.get("/workbench/items/", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_are_for_those_who_work_here(self, client: Client) -> None:
        assert client.get("/workbench/items/").status_code == 302

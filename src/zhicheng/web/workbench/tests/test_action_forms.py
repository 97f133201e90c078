"""The forms of actions on the case page."""

import re

from zhicheng.apps.appeals.public import submit_appeal
from zhicheng.apps.appeals.values import AppealDraft
from zhicheng.core.parties.values import Actor, ActorKind
from zhicheng.kit.clock import now
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

    def test_is_told_when_no_item_was_chosen(self) -> None:
        sent = submit_appeal(VAGUE, actor=Actor(ActorKind.ANONYMOUS), now=now())
        hire("huang.qian", "黄倩", role="dispatcher", unit=sent.unit)
        answer = send(signed_in("huang.qian"), f"/workbench/cases/{sent.number}/actions/dispatch/", item="", unit="")
        assert answer.status_code == 422

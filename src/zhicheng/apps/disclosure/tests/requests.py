"""Requests for disclosure in 云溪镇, for the tests of disclosure and of its pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.apps.appeals.tests.town import NOW, WORKS, do, resident
from zhicheng.apps.disclosure.operations.settling import settle
from zhicheng.apps.disclosure.public import submit_request
from zhicheng.apps.disclosure.values import DisclosureDraft, SubmittedDisclosure
from zhicheng.core.cases.public import calendars, get_case
from zhicheng.core.parties.values import ANONYMOUS, Actor, system_actor
from zhicheng.engines.statetable.clocks import Clock

ID_NUMBER = "11010119900307299X"
FIELDS = {
    "title": "东桥路面翻修工程合同",
    "description": "2025 年东桥路面翻修工程的施工合同及中标结果，希望得到合同全文。",
    "name": "王芳",
    "id_number": ID_NUMBER,
    "phone": "13800138000",
    "phone_verified": True,
    "unit": WORKS,
}
REPLY = "现将所申请的合同公开，个人电话号码已作遮盖处理，请查收附件。"


def asked(actor: Actor = ANONYMOUS, *, now: datetime = NOW, key: Any = None, **fields: Any) -> SubmittedDisclosure:
    """A request of 王芳 to the works, not yet confirmed."""
    return submit_request(DisclosureDraft(**{**FIELDS, **fields}), actor=actor, now=now, key=key)


def in_hand(*, now: datetime = NOW, **fields: Any) -> SubmittedDisclosure:
    """A request that the works have confirmed."""
    done = asked(now=now, **fields)
    do(done.case_id, "confirm", "chen.wei", now=now)
    return done


def signed_in() -> Actor:
    """王芳 with an account."""
    return resident()


def clock(case: UUID, code: str) -> Clock:
    """The newest clock of a kind."""
    return [each for each in get_case(system_actor("test"), case).clocks if each.code == code][-1]


def working_days(start: datetime, days: int) -> datetime:
    """When a limit of working days that starts now ends."""
    return calendars()["working"].add_days(start, days)


def state(case: UUID) -> str:
    return get_case(system_actor("test"), case).row.state


def answered(case: UUID, *, now: datetime = NOW, **given: Any) -> None:
    """Answer a request, and let the report know."""
    do(case, "decide", "chen.wei", now=now, **{"decision": "full", "text": REPLY, **given})
    settle(case, now)

"""A town of three units with two small processes, and the people who act in it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import yaml

from zhicheng.core.cases.public import act, new_case, store_case
from zhicheng.core.cases.values import ActCommand, ActResult, CaseDraft, OpenedCase
from zhicheng.core.ledger.public import idempotency_key
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.core.packs.models import Release
from zhicheng.core.packs.public import forget_installed_pack, pin_definition
from zhicheng.core.parties.models import Account, Unit
from zhicheng.core.parties.public import create_party, forget_unit_tree
from zhicheng.core.parties.values import Actor, ActorKind, Grant, PersonalFields
from zhicheng.kit.ids import uuid7

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 10:00 in China
TINYTOWN = Path(__file__).resolve().parents[5] / "packs" / "tinytown"
TOWN, WORKS, WATER = "YX", "YX-WORKS", "YX-WATER"

ERRAND = yaml.safe_load("""
code: errand
label: 跑腿
initial: open
states:
  open: {label: 待办}
  doing: {label: 在办}
  waiting: {label: 待确认}
  done: {label: 办完, final: true}
  dropped: {label: 作罢, final: true}
clocks:
  resolve: {label: 时限, limit: $facts.limit}
  confirm: {label: 确认期, limit: {minutes: 60, calendar: always}, stages: [1.0], then: lapse, quiet: true}
opening:
  - {start: resolve}
queues:
  - {code: all, label: 全部, states: [open, doing], permission: cases.handle}
actions:
  take: {label: 接手, from: [open], to: doing, who: [cases.handle], public: true}
  pass_on:
    label: 转交
    from: [open, doing]
    to: open
    who: [cases.handle, cases.triage]
    fields: [{code: unit, label: 单位, type: unit, required: true}]
    assign: $input.unit
  ask:
    label: 请人帮忙
    from: [doing]
    who: [cases.handle]
    fields: [{code: unit, label: 单位, type: unit, required: true}]
    opens: [{process: help, unit: $input.unit, facts: {limit: $facts.limit}}]
  note:
    label: 记一笔
    from: ["*"]
    who: [cases.handle, cases.supervise]
    fields:
      - {code: text, label: 内容, type: textarea, required: true, max_length: 200}
      - {code: files, label: 文件, type: files}
  hold: {label: 暂停, from: [doing], who: [cases.supervise], sets: {pause_reason: 等材料}, clocks: [{pause: resolve}]}
  go_on: {label: 继续, from: [doing], who: [cases.supervise], clocks: [{resume: resolve}]}
  longer: {label: 延期, from: [doing], who: [cases.supervise], clocks: [{extend: resolve, days: 1}]}
  finish:
    label: 办完
    from: [doing]
    to: waiting
    who: [cases.handle]
    guards: [{fact: open_children, is: 0, otherwise: 还有人在帮忙}]
    clocks: [{meet: resolve}, {start: confirm}]
    public: true
  confirm: {label: 确认, from: [waiting], to: done, who: [requester], clocks: [{meet: confirm}]}
  lapse: {label: 到期办结, from: [waiting], to: done, who: [system], sets: {lapsed: true}}
  again: {label: 重办, from: [waiting], to: doing, who: [requester], clocks: [{cancel: confirm}, {start: resolve}]}
  drop: {label: 作罢, from: [open, doing], to: dropped, who: [requester]}
""")
HELP = yaml.safe_load("""
code: help
label: 帮忙
initial: asked
states:
  asked: {label: 待办}
  helped: {label: 帮完, final: true}
  recalled: {label: 收回, final: true}
  declined: {label: 不归我管, final: true}
clocks:
  resolve: {label: 时限, limit: $facts.limit}
opening:
  - {start: resolve}
actions:
  help: {label: 帮完, from: [asked], to: helped, who: [cases.handle], clocks: [{meet: resolve}]}
  recall: {label: 收回, from: [asked], to: recalled, who: [parent_handler], sets: {released: true}}
  decline: {label: 不归我管, from: [asked], to: declined, who: [cases.handle], sets: {released: true}}
""")
THREE_DAYS = {"working_days": 3, "source": "示意"}
TWO_HOURS = {"hours": 2, "calendar": "always", "source": "示意"}


CALENDAR = {"exceptions": {"2026-10-01": False}, "hours": [["09:00", "12:00"], ["14:00", "18:00"]]}


def build_town() -> None:
    """The rows that an installed pack leaves behind, without its many files."""
    release()
    for code, parent in ((TOWN, None), (WORKS, TOWN), (WATER, TOWN)):
        Unit.objects.create(
            code=code, name=code, kind="center", parent_id=parent, division="990100", function="", updated_at=NOW
        )
    forget_unit_tree()


def release(calendar: Mapping[str, Any] = CALENDAR, *processes: Mapping[str, Any]) -> None:
    """A newly installed pack: its processes and its calendar."""
    Release.objects.create(
        code="tinytown",
        version="1.0.0",
        digest=uuid4().hex,
        software="",
        manifest=yaml.safe_load((TINYTOWN / "pack.yaml").read_text()),
        described=b"",
        installed_at=NOW,
        actor_ref="system:test",
    )
    for process in processes or (ERRAND, HELP):
        pin_definition("process", process["code"], process, label=process["label"], now=NOW)
    pin_definition("calendar", "working", calendar, now=NOW)
    forget_installed_pack()


def official(unit: str, *permissions: str, subtree: bool = False, account: UUID | None = None) -> Actor:
    grant = Grant("role", unit, frozenset(permissions), subtree)
    return Actor(ActorKind.OFFICIAL, account_id=account or uuid7(NOW), grants=(grant,))


CHEN = official(WORKS, "cases.handle")  # handles at the works
LIU = official(WATER, "cases.handle")  # handles at the water station
GUO = official(TOWN, "cases.supervise", "cases.handle", "cases.read_subtree", subtree=True)  # leads the town


def resident(name: str = "王芳") -> Actor:
    return Actor(ActorKind.RESIDENT, party_id=create_party(PersonalFields(name=name), now=NOW))


def make_account(login: str) -> UUID:
    return Account.objects.create(id=uuid7(NOW), login=login, kind="official", created_at=NOW).id


def key_for(body: Any, name: str = "k-1") -> IdempotencyKey:
    return idempotency_key("test", name, body)


def draft(unit: str = WORKS, *, limit: Mapping[str, Any] = THREE_DAYS, **fields: Any) -> CaseDraft:
    return CaseDraft("errand", unit, "取一份材料", facts={"limit": limit}, **fields)


def opened(unit: str = WORKS, *, now: datetime = NOW, **fields: Any) -> OpenedCase:
    return store_case(new_case(draft(unit, **fields), CHEN, now), now=now)


def do(
    case: UUID, action: str, actor: Actor = CHEN, *, now: datetime = NOW, given: Any = None, **more: Any
) -> ActResult:
    return act(ActCommand(case, action, given or {}, **more), actor, now)


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)

"""Acts on a licence by the unit that issued it: revoke, suspend, resume, read what is masked. Each is recorded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from zhicheng.apps.licences.errors import LicenceActNotPermitted, LicenceNotInForce, LicenceReasonMissing
from zhicheng.apps.licences.models import Licence as Row
from zhicheng.apps.licences.operations.telling import tell
from zhicheng.apps.licences.policy.terms import state_on
from zhicheng.apps.licences.queries.licences import MANAGE, READ, shown, term_of, unit_row
from zhicheng.apps.licences.values import STATE_WORDS, Licence, LicenceState
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry, Event
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import CHINA
from zhicheng.kit.ids import uuid7

_ENDED = frozenset({LicenceState.REVOKED, LicenceState.REPLACED})
_LONGEST = 200


def revoke_licence(number: str, *, actor: Actor, reason: str, now: datetime) -> Licence:
    """End a licence for good; its holder is told why.

    Raises:
        LicenceActNotPermitted: the official may not end licences.
        LicenceNotFound: none of the official's units issued one with this number.
        LicenceReasonMissing: no reason was given.
        LicenceNotInForce: it was ended before.
    """
    return _change(number, actor, ("吊销", reason), now, {"revoked_at": now, "remind_date": None})


def suspend_licence(number: str, *, actor: Actor, reason: str, now: datetime) -> Licence:
    """Put a licence out of use until it is resumed.

    Raises:
        LicenceActNotPermitted, LicenceNotFound, LicenceReasonMissing, LicenceNotInForce: as for `revoke_licence`.
    """
    return _change(number, actor, ("暂停使用", reason), now, {"suspended_at": now})


def resume_licence(number: str, *, actor: Actor, reason: str, now: datetime) -> Licence:
    """Let a suspended licence be used again.

    Raises:
        LicenceActNotPermitted, LicenceNotFound, LicenceReasonMissing, LicenceNotInForce: as for `revoke_licence`.
    """
    return _change(number, actor, ("恢复使用", reason), now, {"suspended_at": None})


def reveal_licence(number: str, *, actor: Actor, purpose: str, now: datetime) -> Licence:
    """Every field of a licence, for an official with a purpose; the reading is in the ledger.

    Raises:
        LicenceActNotPermitted: the official may not read personal fields.
        LicenceNotFound: none of the official's units issued one with this number.
        LicenceReasonMissing: no purpose was given.
    """
    row = unit_row(actor, number, permission=READ)
    if "parties.reveal" not in actor.permissions:
        raise LicenceActNotPermitted(act="查看证照全部内容")
    if not purpose.strip():
        raise LicenceReasonMissing(what="查看目的")
    with transaction.atomic():
        record(_entry(row, actor, "licence.revealed", purpose, now))
    return shown(row, now, masked=False)


_ACTIONS = {"吊销": "revoked", "暂停使用": "suspended", "恢复使用": "resumed"}


def _change(number: str, actor: Actor, act: tuple[str, str], now: datetime, columns: Mapping[str, Any]) -> Licence:
    words, reason = act[0], act[1].strip()[:_LONGEST]
    unit_row(actor, number, permission=READ)
    if MANAGE not in actor.permissions:
        raise LicenceActNotPermitted(act=f"{words}证照")
    if not reason:
        raise LicenceReasonMissing(what="理由")
    with transaction.atomic():
        row = Row.objects.select_for_update().get(pk=unit_row(actor, number, permission=MANAGE).pk)
        _refuse_ended(row, words, now)
        for column, value in columns.items():
            setattr(row, column, value)
        row.status_reason = reason if words != "恢复使用" else ""
        row.save(update_fields=[*columns, "status_reason"])
        action = _ACTIONS[words]
        event = Event(uuid7(now), now, f"licences.{action}", f"licence:{row.id}", {"party": str(row.party_id)})
        record(_entry(row, actor, f"licence.{action}", reason, now), events=[event])
        _tell(row, words, event, now)
    return shown(row, now, masked=True)


def _refuse_ended(row: Row, words: str, now: datetime) -> None:
    state = state_on(term_of(row), now.astimezone(CHINA).date())
    is_suspended = row.suspended_at is not None
    is_pointless = words != "吊销" and (words == "暂停使用") == is_suspended
    if state in _ENDED or is_pointless:
        raise LicenceNotInForce(state=STATE_WORDS[state], act=words)


def _entry(row: Row, actor: Actor, action: str, reason: str, now: datetime) -> Entry:
    data = {"type": row.type, "number": row.number}
    return Entry(uuid7(now), now, actor.ref, action, f"licence:{row.id}", reason=reason.strip()[:_LONGEST], data=data)


def _tell(row: Row, words: str, event: Event, now: datetime) -> None:
    params = {"state": f"已{words}", "reason": row.status_reason or "情况已经核实"}
    tell(row, "licence.ended", str(event.id), params, now=now)

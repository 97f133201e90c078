"""Devices that sent before they were registered: noted, approved or refused by a person."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import Error, connection, transaction

from zhicheng.core.parties.values import Actor
from zhicheng.core.telemetry.crypto import is_device_key
from zhicheng.core.telemetry.errors import CandidateSettled, DeviceUnknown
from zhicheng.core.telemetry.models import Candidate
from zhicheng.core.telemetry.operations.devices.registering import note, register_devices
from zhicheng.core.telemetry.queries.devices.owning import check_manager
from zhicheng.core.telemetry.values import DeviceRow, Registration, UnknownStream, from_us
from zhicheng.kit.sqltext import to_json

_log = structlog.get_logger("zhicheng.devices")
_MOST_WAITING, _MOST_AT_ONCE = 10_000, 200
_NOTE = (
    "INSERT INTO telemetry_candidate AS c (key, streams, messages, first_at, last_at, state, reason, decided_by) "
    "SELECT r.key, r.streams, r.messages, r.at, r.at, 'pending', '', '' "
    "FROM jsonb_to_recordset(%s::jsonb) AS r(key text, streams jsonb, messages bigint, at timestamptz) "
    "WHERE EXISTS (SELECT 1 FROM telemetry_candidate k WHERE k.key = r.key) "
    "OR (SELECT count(*) FROM telemetry_candidate k WHERE k.state = 'pending') < %s "
    "ON CONFLICT (key) DO UPDATE SET streams = c.streams || excluded.streams, "
    "messages = c.messages + excluded.messages, last_at = greatest(c.last_at, excluded.last_at)"
)


def note_candidates(unknown: Sequence[UnknownStream]) -> None:
    """Keep who sends without being registered; beyond some thousands nobody new is kept: somebody floods us."""
    found: dict[str, tuple[dict[str, float | str | None], int, int]] = {}
    for each in unknown:
        key, _, code = each.key.partition("/")
        if not is_device_key(key) or (key not in found and len(found) >= _MOST_AT_ONCE):
            continue
        streams, messages, at_us = found.get(key, ({}, 0, 0))
        if len(streams) < 32:
            streams[_storable(code)[:40]] = each.value if each.text is None else _storable(each.text)[:80]
        found[key] = (streams, messages + 1, max(at_us, each.received_us))
    rows = [
        {"key": key, "streams": streams, "messages": messages, "at": from_us(at_us)}
        for key, (streams, messages, at_us) in sorted(found.items())
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [to_json(rows), _MOST_WAITING])


def _storable(text: str) -> str:
    return text.replace("\0", "")  # no text of PostgreSQL's holds one


def note_unknown(unknown: Sequence[UnknownStream]) -> None:
    """The hook of the collector, which goes on while the database is away."""
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        note_candidates(unknown)
    except Error as error:
        _log.warning("unknown devices were not noted", error=str(error)[:200])
        connection.close()


def approve_candidate(key: str, row: DeviceRow, *, actor: Actor, now: datetime) -> Registration:
    """Register a device that waits, as a person describes it.

    Raises:
        DevicesForbidden, DeviceUnknown, CandidateSettled: it cannot be approved.
    """
    check_manager(actor)
    with transaction.atomic():
        candidate = _waiting(key)
        done = register_devices([row], actor=actor, now=now)
        if not done.rejected:
            _settle(candidate, "approved", "", actor, now)
    return done


def refuse_candidate(key: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Refuse a device that waits; what it sends goes on being dropped.

    Raises:
        DevicesForbidden, DeviceUnknown, CandidateSettled: it cannot be refused.
    """
    check_manager(actor)
    with transaction.atomic():
        _settle(_waiting(key), "refused", reason.strip()[:255], actor, now)
        note(actor, "telemetry.device_refused", f"device:{key}", now)


def _waiting(key: str) -> Candidate:
    candidate = Candidate.objects.select_for_update().filter(key=key).first()
    if candidate is None:
        raise DeviceUnknown(key=key)
    if candidate.state != "pending":
        raise CandidateSettled(key=key)
    return candidate


def _settle(candidate: Candidate, state: str, reason: str, actor: Actor, now: datetime) -> None:
    candidate.state, candidate.reason = state, reason
    candidate.decided_by, candidate.decided_at = actor.ref, now
    candidate.save(update_fields=["state", "reason", "decided_by", "decided_at"])

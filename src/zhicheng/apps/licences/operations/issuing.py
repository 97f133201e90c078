"""Issuing: a licence is checked, signed and sealed first, then stored as parts of one statement."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from zhicheng.apps.licences.crypto import issuer_keys
from zhicheng.apps.licences.errors import IssuerKeyMissing, LicenceIncomplete
from zhicheng.apps.licences.models import Licence as Row
from zhicheng.apps.licences.operations.places import next_place
from zhicheng.apps.licences.policy.claims import Statement, licence_document
from zhicheng.apps.licences.policy.terms import next_reminder, term_end
from zhicheng.apps.licences.queries.licences import shown, unit_name
from zhicheng.apps.licences.queries.types import current_type
from zhicheng.apps.licences.values import VALID_UNTIL, Licence, LicenceDraft, LicenceOrder, LicenceType
from zhicheng.core.ledger.public import entry_part, event_part
from zhicheng.core.ledger.values import Entry, Event
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import get_unit_tree, keyring
from zhicheng.core.parties.values import Actor
from zhicheng.engines.credentials.integrity import add_proof
from zhicheng.kit.clock import CHINA
from zhicheng.kit.ids import case_number, uuid7
from zhicheng.kit.sqltext import Part, compose, insert_rows
from zhicheng.kit.texts import clean_text

_LONGEST = 300
_REPLACE = """
UPDATE licences_licence SET replaced_at = r.at, replaced_by = r.successor, remind_date = NULL
FROM jsonb_to_recordset(%s::jsonb) AS r (number text, party uuid, at timestamptz, successor text)
WHERE licences_licence.number = r.number AND licences_licence.party_id = r.party
  AND licences_licence.replaced_at IS NULL AND licences_licence.revoked_at IS NULL
"""


def prepare_licence(order: LicenceOrder, *, actor: Actor, now: datetime) -> LicenceDraft:
    """Check, sign and seal a licence; nothing is stored yet.

    Raises:
        LicenceTypeUnknown: the installed pack has no such type.
        LicenceIncomplete: a field is missing, unknown or too long, or the city has no issuing unit.
        IssuerKeyMissing: the issuing key has lost its secret.
    """
    licence_type = current_type(order.type)
    fields = _checked(licence_type, order.fields)
    licence_id, number = uuid7(now), case_number(f"{current_pack().number_prefix}L", now)
    start = order.valid_from or now.astimezone(CHINA).date()
    end = order.valid_until or term_end(licence_type, start)
    if end is None and licence_type.given:
        raise LicenceIncomplete(type=licence_type.label, detail=f"还差{VALID_UNTIL.label}。")
    unit, place = order.unit or _issuing_unit(licence_type), next_place()
    keys = issuer_keys()
    key = keys.current(licence_type.suite)
    if key.signing is None:
        raise IssuerKeyMissing()
    said = Statement(
        keys.issuer(), licence_type.code, licence_type.label, number, unit_name(unit), start, end, fields, place
    )
    credential = add_proof(
        licence_document(said, licence_id=str(licence_id)), key.signing, method=keys.method(key), created=now
    )
    row = {
        "id": licence_id,
        "number": number,
        "type": licence_type.code,
        "definition": licence_type.definition,
        "party_id": order.party,
        "unit_id": unit,
        "source": order.source,
        **_sealed(licence_id, fields, credential),
        "issuer_key": key.id,
        "status_index": place,
        "valid_from": start,
        "valid_until": end,
        "issued_at": now,
        "status_reason": "",
        "replaced_by": "",
        "line_sources": {code: asdict(order.sources[code]) for code in fields if code in order.sources},
        "remind_date": next_reminder(end, licence_type.remind_days, now.astimezone(CHINA).date()),
    }
    return _draft(row, order, actor, now)


def licence_parts(drafts: Sequence[LicenceDraft], *, gate: str = "") -> list[Part]:
    """SQL parts that store prepared licences, without their entries and events.

    One cause and type gives one licence: a repeat stores nothing. With `gate`, only when that part returned a row.
    The part `licences` returns the ids that were stored. Each draft's `entry` and `event` go into the caller's own
    `entry_part` and `event_part`.
    """
    part = insert_rows("licences", Row._meta.db_table, [draft.row for draft in drafts], gate=gate)
    parts = [Part(part.name, f"{part.text} ON CONFLICT (source, type) DO NOTHING RETURNING id", part.params)]
    replaced = [
        {
            "number": draft.replaces,
            "party": str(draft.row["party_id"]),
            "at": draft.row["issued_at"].isoformat(),
            "successor": draft.number,
        }
        for draft in drafts
        if draft.replaces
    ]
    if replaced:
        text = f"{_REPLACE} AND EXISTS (SELECT 1 FROM licences)"
        parts.append(Part("replaced_licences", text, (json.dumps(replaced),)))
    return parts


def issue_licence(order: LicenceOrder, *, actor: Actor, now: datetime) -> Licence:
    """Issue one licence with its entry and event; the same cause again gives the licence that it gave before.

    Whether the person is entitled to it has been decided by the caller.

    Raises:
        LicenceTypeUnknown, LicenceIncomplete, IssuerKeyMissing: as for `prepare_licence`.
    """
    earlier = _earlier(order)
    if earlier is None:
        _store(prepare_licence(order, actor=actor, now=now))
        earlier = Row.objects.get(source=order.source, type=order.type)
    return shown(earlier, now, masked=False)


def _store(draft: LicenceDraft) -> None:
    parts = [
        *licence_parts([draft]),
        entry_part("entries", [draft.entry], "licences"),
        event_part("events", [draft.event], "licences"),
    ]
    sql, params = compose(parts, Part("", "SELECT 1"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def _earlier(order: LicenceOrder) -> Row | None:
    return Row.objects.filter(source=order.source, type=order.type).first()


def _checked(licence_type: LicenceType, given: Mapping[str, str]) -> dict[str, str]:
    known = {each.code for each in licence_type.fields}
    if strange := sorted(set(given) - known):
        raise LicenceIncomplete(type=licence_type.label, detail=f"没有「{'、'.join(strange)}」这些内容。")
    fields = {code: clean_text(str(value)) for code, value in given.items()}
    missing = [each.label for each in licence_type.fields if each.required and not fields.get(each.code)]
    if missing:
        raise LicenceIncomplete(type=licence_type.label, detail=f"还差{'、'.join(missing)}。")
    if too_long := [code for code, value in fields.items() if len(value) > _LONGEST]:
        raise LicenceIncomplete(type=licence_type.label, detail=f"{'、'.join(too_long)}太长，最多 {_LONGEST} 个字。")
    return {code: value for code, value in fields.items() if value}


def _issuing_unit(licence_type: LicenceType) -> str:
    unit = get_unit_tree().serving(licence_type.issuer, [current_pack().city_division])
    if unit is None:
        raise LicenceIncomplete(type=licence_type.label, detail="本市没有发证机关，请检查城市包。")
    return unit


def _sealed(licence_id: Any, fields: Mapping[str, str], credential: Mapping[str, Any]) -> dict[str, Any]:
    ring = keyring()
    return {
        "fields_sealed": ring.seal(json.dumps(fields, ensure_ascii=False), row=licence_id, field="fields"),
        "credential_sealed": ring.seal(json.dumps(credential, ensure_ascii=False), row=licence_id, field="credential"),
        "key_id": ring.current().id,
    }


def _draft(row: Mapping[str, Any], order: LicenceOrder, actor: Actor, now: datetime) -> LicenceDraft:
    licence_id, number = row["id"], row["number"]
    subject = f"licence:{licence_id}"
    data = {"type": order.type, "number": number, "source": order.source, "unit": row["unit_id"]}
    known = {**data, "key": row["issuer_key"], "replaces": order.replaces}
    filled = [code for code, source in row["line_sources"].items() if source["kind"] == "officer"]
    entry = Entry(uuid7(now), now, actor.ref, "licence.issued", subject, data={**known, "filled_by_officer": filled})
    event = Event(uuid7(now), now, "licences.issued", subject, {**data, "party": str(order.party)})
    return LicenceDraft(licence_id, number, row, order.replaces, entry, event)

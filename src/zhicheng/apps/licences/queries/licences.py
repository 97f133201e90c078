"""Licences for those who may see them: holders their own, officials those of their units, under a mask."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from zhicheng.apps.licences.errors import LicenceNotFound
from zhicheng.apps.licences.models import Licence as Row
from zhicheng.apps.licences.policy.terms import Term, state_on
from zhicheng.apps.licences.queries.types import masked_fields, shown_fields, type_of
from zhicheng.apps.licences.values import HeldLicence, Licence, LicenceFilter, LicencePage, LicenceState, OldLicence
from zhicheng.core.parties.public import get_unit_tree, keyring
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import CHINA

READ, MANAGE = "licences.read", "licences.manage"
_MOST = 100


def list_my_licences(actor: Actor, *, now: datetime, after: UUID | None = None, limit: int = 20) -> LicencePage:
    """The licences of the person who is signed in, newest first; somebody without a party has none."""
    return _page(Row.objects.filter(party_id__in=actor.parties_for("licences")), now, after, limit, masked=False)


def get_my_licence(actor: Actor, number: str, *, now: datetime) -> Licence:
    """One of one's own licences.

    Raises:
        LicenceNotFound: there is none with this number, or it is somebody else's.
    """
    return shown(own_row(actor, number), now, masked=False)


def list_unit_licences(
    actor: Actor, wanted: LicenceFilter, *, now: datetime, after: UUID | None = None, limit: int = 25
) -> LicencePage:
    """Licences issued by units that the official's grants reach, masked, newest first."""
    rows = Row.objects.filter(unit_id__in=units_of(actor, READ))
    if wanted.number:
        rows = rows.filter(number=wanted.number.strip().upper())
    if wanted.type:
        rows = rows.filter(type=wanted.type)
    return _page(rows, now, after, limit, masked=True)


def get_unit_licence(actor: Actor, number: str, *, now: datetime) -> Licence:
    """A licence that a unit of the official issued, masked.

    Raises:
        LicenceNotFound: there is none, or another unit issued it.
    """
    return shown(unit_row(actor, number), now, masked=True)


def held_licences(party_ids: Iterable[UUID], *, now: datetime, types: Iterable[str] = ()) -> list[HeldLicence]:
    """Licences in force of a party, with readable fields, as material and prefill for the party's own form.

    The caller answers for the consent and for showing them to nobody else.
    """
    rows = Row.objects.filter(party_id__in=list(party_ids)).order_by("-id")
    wanted = list(types)
    rows = rows.filter(type__in=wanted) if wanted else rows
    today = now.astimezone(CHINA).date()
    return [_held(row) for row in rows[:_MOST] if state_on(term_of(row), today) is LicenceState.VALID]


def get_party_licence(party_ids: Iterable[UUID], number: str, *, now: datetime) -> Licence:
    """A licence that a party gave as material of an application, masked, for whoever works on that application.

    The caller answers for that.

    Raises:
        LicenceNotFound: none of the parties holds one with this number.
    """
    row = Row.objects.filter(number=number, party_id__in=list(party_ids)).first()
    if row is None:
        raise LicenceNotFound()
    return shown(row, now, masked=True)


def get_old_licence(party: UUID, number: str, *, now: datetime) -> OldLicence | None:
    """A licence that its holder gave to be renewed or changed, with readable fields; None where it is not theirs.

    The caller answers for showing it to nobody who may not read the application.
    """
    row = Row.objects.filter(number=number, party_id=party).first()
    return old_licence(row, now) if row is not None else None


def licences_from(sources: Iterable[str], *, now: datetime) -> list[OldLicence]:
    """Licences in force that some causes led to, with readable fields, the oldest first.

    The caller answers for showing them to nobody who may not read all the causes.
    """
    rows = Row.objects.filter(source__in=list(sources)).order_by("id")
    return [old for row in rows if (old := old_licence(row, now)).state is LicenceState.VALID]


def old_licence(row: Row, now: datetime) -> OldLicence:
    """A row as one to be renewed; for this package only."""
    return OldLicence(
        number=row.number,
        type=row.type,
        label=type_of(row.definition).label,
        issuer=unit_name(row.unit_id),
        state=state_on(term_of(row), now.astimezone(CHINA).date()),
        valid_until=row.valid_until,
        source=row.source,
        values=fields_of(row),
    )


def own_row(actor: Actor, number: str) -> Row:
    """The row of one's own licence; for this package only.

    Raises:
        LicenceNotFound: as for `get_my_licence`.
    """
    mine = actor.parties_for("licences")
    row = Row.objects.filter(number=number, party_id__in=mine).first() if mine else None
    if row is None:
        raise LicenceNotFound()
    return row


def unit_row(actor: Actor, number: str, *, permission: str = READ) -> Row:
    """The row of a licence within an official's reach; for this package only.

    Raises:
        LicenceNotFound: as for `get_unit_licence`.
    """
    row = Row.objects.filter(number=number, unit_id__in=units_of(actor, permission)).first()
    if row is None:
        raise LicenceNotFound()
    return row


def units_of(actor: Actor, permission: str) -> frozenset[str]:
    """The units that a permission reaches."""
    return get_unit_tree().reach(actor.units_for(permission))


def fields_of(row: Row) -> dict[str, str]:
    """The readable fields of a row; for this package only."""
    fields: dict[str, str] = json.loads(keyring().open(bytes(row.fields_sealed), row=row.id, field="fields"))
    return fields


def credential_of(row: Row) -> dict[str, Any]:
    """The signed credential of a row; for this package only."""
    text = keyring().open(bytes(row.credential_sealed), row=row.id, field="credential")
    document: dict[str, Any] = json.loads(text)
    return document


def term_of(row: Row) -> Term:
    """What decides whether a licence is in force."""
    return Term(
        row.valid_from,
        row.valid_until,
        suspended=row.suspended_at is not None,
        revoked=row.revoked_at is not None,
        replaced=row.replaced_at is not None,
    )


def shown(row: Row, now: datetime, *, masked: bool, fields: Mapping[str, str] | None = None) -> Licence:
    """A row as its reader may see it."""
    licence_type = type_of(row.definition)
    opened = fields_of(row) if fields is None else dict(fields)
    given = masked_fields(licence_type, opened) if masked else opened
    today: date = now.astimezone(CHINA).date()
    return Licence(
        id=row.id,
        number=row.number,
        type=row.type,
        label=licence_type.label,
        issuer=unit_name(row.unit_id),
        state=state_on(term_of(row), today),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        issued_at=row.issued_at,
        fields=shown_fields(licence_type, given, row.line_sources),
        reason=row.status_reason,
        renew_item=licence_type.renew_item,
        illustrative=licence_type.illustrative,
        replaced_by=row.replaced_by,
    )


def unit_name(code: str) -> str:
    """The full name of a unit."""
    tree = get_unit_tree()
    return tree.get(code).name if code in tree else code


def _held(row: Row) -> HeldLicence:
    label = type_of(row.definition).label
    return HeldLicence(row.id, row.number, row.type, label, unit_name(row.unit_id), row.valid_until, fields_of(row))


def _page(rows: QuerySet[Row], now: datetime, after: UUID | None, limit: int, *, masked: bool) -> LicencePage:
    limit = max(1, min(limit, _MOST))
    older = rows.filter(Q(id__lt=after)) if after else rows
    found = list(older.order_by("-id")[: limit + 1])
    cards = tuple(shown(row, now, masked=masked) for row in found[:limit])
    return LicencePage(cards, found[limit - 1].id if len(found) > limit else None)

"""Who may act for which company now. Asked at every request of somebody who does: what is revoked ends at once."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhicheng.core.parties.models import Account, Party
from zhicheng.core.parties.models import Membership as Row
from zhicheng.core.parties.policy.masking import mask_name
from zhicheng.core.parties.queries.parties import open_fields
from zhicheng.core.parties.queries.proven import proven
from zhicheng.core.parties.values import Actor
from zhicheng.core.parties.values.members import AGENT, REPRESENTATIVE, SCOPES, Mandate, Membership


def memberships_in_force(now: datetime) -> QuerySet[Row]:
    """Memberships that have begun and not ended, of companies whose code is proven; for this package only.

    An agent's holds while the company has a legal representative.
    """
    runs = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    represented = Row.objects.filter(company_id=OuterRef("company_id"), role=REPRESENTATIVE, ended_at__isnull=True)
    return Row.objects.filter(
        runs,
        Q(role=REPRESENTATIVE) | Exists(represented),
        proven("company"),
        starts_at__lte=now,
        ended_at__isnull=True,
    )


def with_mandate(actor: Actor, membership_id: UUID, *, now: datetime) -> Actor:
    """The resident acting for a company; acting for themselves where they may not, or not any more."""
    if actor.party_id is None or actor.mandate is not None:
        return actor
    row = memberships_in_force(now).filter(proven("person"), id=membership_id, person_id=actor.party_id).first()
    if row is None:
        return actor
    mandate = Mandate(
        row.id, row.company_id, _names([row])[row.company_id][0], actor.party_id, row.role, scopes_of(row)
    )
    return replace(actor, party_id=row.company_id, same_person=frozenset(), mandate=mandate)


def as_person(actor: Actor) -> Actor:
    """The same human being acting for themselves, for pages of one's own account."""
    if actor.mandate is None:
        return actor
    return replace(actor, party_id=actor.mandate.person, mandate=None)


def list_memberships(actor: Actor, *, now: datetime) -> list[Membership]:
    """The companies that a proven resident may act for, and those given to their telephone number, to be taken up."""
    if actor.person_id is None or actor.account_id is None:
        return []
    mine = Q(proven("person"), person_id=actor.person_id)
    if phone_hash := phone_hash_of(actor.account_id):
        mine |= Q(person__isnull=True, phone_hash=phone_hash)
    rows = list(memberships_in_force(now).filter(mine).order_by("starts_at", "id"))
    names = _names(rows)
    return [_value(row, *names[row.company_id]) for row in rows]


def list_members(actor: Actor, *, now: datetime) -> list[Membership]:
    """Who may act for the company that the actor represents; nobody for whom it is none of their business."""
    if actor.mandate is None or actor.mandate.role != REPRESENTATIVE:
        return []
    rows = list(memberships_in_force(now).filter(company_id=actor.mandate.company).order_by("-role", "starts_at", "id"))
    people = Party.objects.filter(id__in=[row.person_id for row in rows if row.person_id])
    shown = {row["id"]: mask_name(open_fields(row, ("name",))["name"]) for row in people.values("id", "name_sealed")}
    found = []
    for row in rows:
        who = row.shown or (shown.get(row.person_id, "") if row.person_id else "")
        found.append(replace(_value(row, actor.mandate.company_name, ""), who=who))
    return found


def phone_hash_of(account_id: UUID) -> bytes | None:
    """The keyed hash of the telephone number that a resident signs in with; for this package only."""
    login = Account.objects.filter(id=account_id, kind="resident").values_list("login", flat=True).first() or ""
    mark, _, digest = login.partition(":")
    return bytes.fromhex(digest) if mark == "phone" and digest else None


def scopes_of(row: Row) -> frozenset[str]:
    """What a member may do; for this package only."""
    return frozenset(SCOPES) if row.role == REPRESENTATIVE else frozenset(row.scopes) & frozenset(SCOPES)


def _names(rows: list[Row]) -> dict[UUID, tuple[str, str]]:
    """Name and code of the companies."""
    found = Party.objects.filter(id__in={row.company_id for row in rows})
    names = {}
    for row in found.values("id", "name_sealed", "id_number_sealed"):
        opened = open_fields(row, ("name", "id_number"))
        names[row["id"]] = (opened["name"], opened["id_number"])
    return names


def _value(row: Row, name: str, uscc: str) -> Membership:
    return Membership(
        id=row.id,
        company_name=name,
        uscc=uscc,
        who="",
        role=row.role,
        scopes=scopes_of(row),
        ends_at=row.ends_at,
        given_by=row.source,
        is_waiting=row.role == AGENT and row.person_id is None,
    )

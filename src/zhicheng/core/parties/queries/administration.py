"""Accounts of officials and services as administrators look after them. Residents are not among them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhicheng.core.parties.errors import AccountNotFound
from zhicheng.core.parties.models import Account, ApiKey, Role, RoleGrant
from zhicheng.core.parties.policy.duties import MANAGING_ACTS, granting_fault, managing_fault
from zhicheng.core.parties.queries.accounts import held_value
from zhicheng.core.parties.queries.units import get_unit_tree
from zhicheng.core.parties.values import (
    AccountFilter,
    AccountPage,
    Actor,
    ActorKind,
    Grant,
    HeldGrant,
    IssuedKey,
    ManagedAccount,
    RoleRow,
)


def list_accounts(wanted: AccountFilter, *, now: datetime, after: str = "", limit: int = 25) -> AccountPage:
    """One page of accounts by login name, in two queries. `after` is the previous page's `after`."""
    rows = _managed().order_by("login")
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.words:
        rows = rows.filter(_named(wanted.words, now))
    if wanted.state:
        rows = _in_state(rows, wanted.state, now)
    if after:
        rows = rows.filter(login__gt=after)
    found = list(rows[: limit + 1])
    page = found[:limit]
    grants = _grants_by_account([row.id for row in page], now)
    accounts = tuple(_value(row, grants.get(row.id, ())) for row in page)
    return AccountPage(accounts, page[-1].login if len(found) > limit and page else "")


def get_account(account_id: UUID, *, now: datetime) -> ManagedAccount:
    """One account, in two queries.

    Raises:
        AccountNotFound: there is none, or it is a resident's.
    """
    row = _managed().filter(id=account_id).first()
    if row is None:
        raise AccountNotFound(account_id=account_id)
    return _value(row, _grants_by_account([account_id], now).get(account_id, ()))


def list_api_keys(account_id: UUID) -> list[IssuedKey]:
    """The keys of a service, newest first, revoked ones too."""
    columns = ("name", "prefix", "created_at", "expires_at", "revoked_at")
    rows = ApiKey.objects.filter(account_id=account_id).order_by("-id")
    return [IssuedKey(*row) for row in rows.values_list(*columns)]


def list_lasting_grants(account_id: UUID, *, now: datetime) -> list[Grant]:
    """The grants of an account that run or are still to begin, with their permissions."""
    return [_grant(row) for row in _lasting(now).filter(account_id=account_id).select_related("role")]


def list_grantable_roles(actor: Actor) -> list[RoleRow]:
    """The roles that an actor may grant at one unit at least."""
    tree = get_unit_tree()
    units = {grant.unit for grant in actor.grants}
    found = []
    for row in Role.objects.filter(ended_date__isnull=True).order_by("code"):
        grants = (Grant(row.code, unit, frozenset(row.permissions), row.subtree) for unit in units)
        if any(not granting_fault(actor, grant, to_self=False, held=(), tree=tree) for grant in grants):
            found.append(RoleRow(row.code, row.label, tuple(row.permissions), row.subtree, row.description))
    return found


def list_role_labels() -> dict[str, str]:
    """What each role is called, ended ones too."""
    return dict(Role.objects.values_list("code", "label"))


def managing_faults(actor: Actor, account_id: UUID, *, now: datetime) -> dict[str, str]:
    """For each act of `policy.duties.MANAGING_ACTS` the sentence why the actor may not; empty where it may."""
    held, tree = list_lasting_grants(account_id, now=now), get_unit_tree()
    return {act: managing_fault(actor, act, account_id=account_id, held=held, tree=tree) for act in MANAGING_ACTS}


def list_revocable(actor: Actor, account_id: UUID, *, now: datetime) -> frozenset[UUID]:
    """Which grants of an account the actor may end."""
    tree, to_self = get_unit_tree(), actor.account_id == account_id
    rows = _lasting(now).filter(account_id=account_id).select_related("role")
    return frozenset(
        row.id for row in rows if not granting_fault(actor, _grant(row), to_self=to_self, held=(), tree=tree)
    )


def _managed() -> QuerySet[Account]:
    return Account.objects.exclude(kind=ActorKind.RESIDENT.value)


def _lasting(now: datetime) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))


def _named(words: str, now: datetime) -> Q:
    at_unit = _lasting(now).filter(
        Q(unit__name__icontains=words) | Q(unit__short_name__icontains=words), account_id=OuterRef("id")
    )
    return Q(display_name__icontains=words) | Q(login__icontains=words) | Q(Exists(at_unit))


def _in_state(rows: QuerySet[Account], state: str, now: datetime) -> QuerySet[Account]:
    if state == "disabled":
        return rows.filter(is_active=False)
    if state == "locked":
        return rows.filter(is_active=True, locked_until__gt=now)
    unlocked = rows.filter(Q(locked_until__isnull=True) | Q(locked_until__lte=now), is_active=True)
    has_role = Exists(_lasting(now).filter(account_id=OuterRef("id")))
    return unlocked.filter(~has_role if state == "no_role" else has_role)


def _grants_by_account(account_ids: Iterable[UUID], now: datetime) -> dict[UUID, list[HeldGrant]]:
    rows = _lasting(now).filter(account_id__in=list(account_ids)).order_by("starts_at", "id")
    found: dict[UUID, list[HeldGrant]] = {}
    for row in rows.select_related("role", "unit", "account", "delegated_by"):
        found.setdefault(row.account_id, []).append(held_value(row))
    return found


def _grant(row: RoleGrant) -> Grant:
    return Grant(row.role_id, row.unit_id, frozenset(row.role.permissions), row.role.subtree)


def _value(row: Account, grants: Iterable[HeldGrant]) -> ManagedAccount:
    return ManagedAccount(
        id=row.id,
        kind=ActorKind(row.kind),
        login=row.login,
        name=row.display_name,
        is_active=row.is_active,
        locked_until=row.locked_until,
        has_totp=row.totp_confirmed_at is not None,
        must_change_password=row.must_change_password,
        demo=row.demo,
        created_at=row.created_at,
        last_login=row.last_login,
        grants=tuple(grants),
    )

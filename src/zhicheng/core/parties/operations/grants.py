"""Roles given, taken and delegated. Every act is in the ledger; the decisions are `policy.duties`."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhicheng.core.parties.errors import AccountNotFound, GrantNotFound, GrantRefused
from zhicheng.core.parties.models import Account, Role, RoleGrant
from zhicheng.core.parties.operations.entries import record_act
from zhicheng.core.parties.policy.duties import delegation_fault, granting_fault, separation_fault
from zhicheng.core.parties.queries.actors import running_grants
from zhicheng.core.parties.queries.units import get_unit_tree
from zhicheng.core.parties.values import Actor, Grant, NewDelegation, NewGrant
from zhicheng.kit.ids import uuid7


def grant_role(account_id: UUID, grant: NewGrant, *, actor: Actor, now: datetime) -> UUID:
    """Give an official or a service a role at a unit.

    Raises:
        AccountNotFound: there is no such account.
        GrantRefused: role or unit is unknown or ended, duties would mix, or the actor may not give it.
    """
    with transaction.atomic():
        account = _locked(account_id)
        value = _grant_value(grant)
        to_self = actor.account_id == account_id
        fault = granting_fault(actor, value, to_self=to_self, held=_held(account_id, now), tree=get_unit_tree())
        if account.kind == "resident":
            fault = "市民账号不能授予角色。"
        if fault:
            raise GrantRefused(reason=fault)
        row = RoleGrant.objects.create(
            id=uuid7(now),
            account_id=account_id,
            role_id=grant.role,
            unit_id=grant.unit,
            starts_at=grant.starts_at or now,
            ends_at=grant.ends_at,
            created_at=now,
        )
        subject = f"account:{account_id}"
        record_act(actor, "role.granted", subject, now=now, role=grant.role, unit=grant.unit, grant=str(row.id))
    return row.id


def revoke_grant(grant_id: UUID, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """End a grant now, begun or not; what was delegated out of it ends with it.

    Raises:
        GrantNotFound: there is none, or it has ended.
        GrantRefused: the actor may not take it.
    """
    with transaction.atomic():
        row = RoleGrant.objects.select_for_update(of=("self",)).filter(id=grant_id).select_related("role").first()
        if row is None or (row.ends_at is not None and row.ends_at <= now):
            raise GrantNotFound()
        value = Grant(row.role_id, row.unit_id, frozenset(row.role.permissions), row.role.subtree)
        to_self = actor.account_id == row.account_id
        if fault := granting_fault(actor, value, to_self=to_self, held=(), tree=get_unit_tree()):
            raise GrantRefused(reason=fault)
        _end(row, "role.revoked", actor, now, reason)


def delegate_role(delegation: NewDelegation, *, actor: Actor, now: datetime) -> UUID:
    """Hand an own role to a colleague until a time; both hold it meanwhile.

    Raises:
        GrantNotFound: it is not a running grant of the actor, or was itself delegated to the actor.
        AccountNotFound: there is no active official with this login name.
        GrantRefused: an administrator's role, too long, to oneself, or duties would mix.
    """
    with transaction.atomic():
        source = _running(delegation.grant_id, now)
        if source.account_id != actor.account_id or source.source_id is not None:
            raise GrantNotFound()
        colleague = Account.objects.filter(
            login=delegation.to_login.strip().lower(), kind="official", is_active=True
        ).first()
        if colleague is None:
            raise AccountNotFound(login=delegation.to_login)
        _check_delegation(source, delegation, colleague, now)
        row = RoleGrant.objects.create(
            id=uuid7(now),
            account_id=colleague.id,
            role_id=source.role_id,
            unit_id=source.unit_id,
            starts_at=delegation.starts_at,
            ends_at=delegation.ends_at,
            delegated_by_id=actor.account_id,
            source=source,
            created_at=now,
        )
        data = {"role": row.role_id, "unit": row.unit_id, "grant": str(row.id), "ends_at": row.ends_at}
        record_act(actor, "role.delegated", f"account:{colleague.id}", now=now, **data)
    return row.id


def end_delegation(grant_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take back what the actor delegated.

    Raises:
        GrantNotFound: it is no running delegation by the actor.
    """
    with transaction.atomic():
        row = RoleGrant.objects.select_for_update().filter(id=grant_id, delegated_by_id=actor.account_id).first()
        if row is None or actor.account_id is None or (row.ends_at is not None and row.ends_at <= now):
            raise GrantNotFound()
        _end(row, "role.delegation_ended", actor, now, "")


def _check_delegation(source: RoleGrant, delegation: NewDelegation, colleague: Account, now: datetime) -> None:
    value = Grant(source.role_id, source.unit_id, frozenset(source.role.permissions), source.role.subtree)
    fault = delegation_fault(
        value,
        starts_at=delegation.starts_at,
        ends_at=delegation.ends_at,
        to_self=colleague.id == source.account_id,
        now=now,
    )
    if fault := fault or separation_fault(_held(colleague.id, now), value.permissions):
        raise GrantRefused(reason=fault)


def _grant_value(grant: NewGrant) -> Grant:
    role = Role.objects.filter(code=grant.role, ended_date__isnull=True).first()
    tree = get_unit_tree()
    if role is None:
        raise GrantRefused(reason=f"没有角色“{grant.role}”，或者它已停用。")
    if grant.unit not in tree or tree.get(grant.unit).ended_date is not None:
        raise GrantRefused(reason=f"没有单位“{grant.unit}”，或者它已撤销。")
    if grant.starts_at and grant.ends_at and grant.ends_at <= grant.starts_at:
        raise GrantRefused(reason="授权的结束时间要晚于开始时间。")
    return Grant(role.code, grant.unit, frozenset(role.permissions), role.subtree)


def _held(account_id: UUID, now: datetime) -> list[str]:
    """Permissions of every grant that runs or is still to begin: duties must not mix later either."""
    rows = RoleGrant.objects.filter(account_id=account_id).select_related("role")
    return [code for row in rows if row.ends_at is None or row.ends_at > now for code in row.role.permissions]


def _locked(account_id: UUID) -> Account:
    account = Account.objects.select_for_update().filter(id=account_id).first()
    if account is None:
        raise AccountNotFound(account_id=account_id)
    return account


def _running(grant_id: UUID, now: datetime) -> RoleGrant:
    locked = RoleGrant.objects.select_for_update(of=("self",)).filter(id=grant_id).first()
    row = running_grants(now).filter(id=grant_id).select_related("role").first()
    if locked is None or row is None:
        raise GrantNotFound()
    return row


def _end(row: RoleGrant, action: str, actor: Actor, now: datetime, reason: str) -> None:
    RoleGrant.objects.filter(id=row.id).update(ends_at=now)
    data = {"role": row.role_id, "unit": row.unit_id, "grant": str(row.id)}
    record_act(actor, action, f"account:{row.account_id}", now=now, reason=reason, **data)

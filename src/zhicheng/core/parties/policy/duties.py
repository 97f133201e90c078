"""Who may be given which role: separation of the three administrators, and the limits of delegation.

Source: GB/T 22239-2019 (等级保护 level 3) 8.1.5: system, security and audit administration are separate duties.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from zhicheng.core.parties.values import Actor, ActorKind, Grant, UnitTree

# Each of these is the mark of one of the three administrators; no account holds two of them.
ADMINISTRATOR_PERMISSIONS = frozenset({"accounts.manage", "security.manage", "ledger.audit"})
LONGEST_DELEGATION = timedelta(days=90)

# What administrators do with an account, and the permission it needs while the account is an ordinary one.
MANAGING_ACTS: Mapping[str, tuple[str, str]] = {
    "switch": ("停用和启用", "accounts.manage"),
    "reset": ("重置密码和动态口令", "accounts.manage"),
    "keys": ("签发和吊销接口密钥", "accounts.manage"),
    "unlock": ("解除锁定", "security.manage"),
}
_DUTY_NAMES = {"accounts.manage": "系统管理员", "security.manage": "安全保密管理员"}


def administrator_duties(permissions: Iterable[str]) -> frozenset[str]:
    """The administrator permissions among some permissions."""
    return ADMINISTRATOR_PERMISSIONS & frozenset(permissions)


def separation_fault(held: Iterable[str], added: Iterable[str]) -> str:
    """Why an account may not hold both sets of permissions; empty when it may."""
    added_duties = administrator_duties(added)
    if len(administrator_duties(held) | added_duties) > 1 and added_duties:
        return "系统管理员、安全保密管理员、安全审计员必须由不同的人担任，不能兼任。"
    return ""


def granting_fault(actor: Actor, grant: Grant, *, to_self: bool, held: Iterable[str], tree: UnitTree) -> str:
    """Why an actor may not give (or take) a grant; empty when it may.

    Administrators' roles need `security.manage`, others `accounts.manage` or `security.manage`, each held at the
    unit or above. Nobody grants to themselves. The system itself (install, simulator) passes all but separation.
    """
    if fault := separation_fault(held, grant.permissions):
        return fault
    if actor.kind is ActorKind.SYSTEM:
        return ""
    if to_self:
        return "不能给自己授予或收回角色，请由另一位管理员办理。"
    needed = {"security.manage"}
    if not administrator_duties(grant.permissions):
        needed.add("accounts.manage")
    own = (own for code in needed for own in actor.units_for(code))
    if not any(tree.covers(one, grant.unit) for one in own):
        return "您没有权限办理这个单位的这项授权。"
    return ""


def delegation_fault(grant: Grant, *, starts_at: datetime, ends_at: datetime, to_self: bool, now: datetime) -> str:
    """Why an own grant may not be delegated so; empty when it may."""
    if administrator_duties(grant.permissions):
        return "管理员角色不能委托他人代办。"
    if to_self:
        return "不能委托给自己。"
    if ends_at <= max(starts_at, now):
        return "委托的结束时间要晚于开始时间和现在。"
    if ends_at - max(starts_at, now) > LONGEST_DELEGATION:
        return f"一次委托最长 {LONGEST_DELEGATION.days} 天。"
    return ""


def managing_fault(actor: Actor, act: str, *, account_id: UUID, held: Iterable[Grant], tree: UnitTree) -> str:
    """Why an actor may not do one of `MANAGING_ACTS` with an account; empty when it may.

    Who could reset an administrator's password could become that administrator. So accounts that hold an
    administrator's role are the security administrator's to manage, as the roles themselves are. Nobody manages the
    own account, nor one with roles at units that the own role does not reach.
    """
    if actor.kind is ActorKind.SYSTEM:
        return ""
    if actor.account_id == account_id:
        return "不能对自己的账号做这项操作，请由另一位管理员办理。"
    grants = list(held)
    label, needed = MANAGING_ACTS[act]
    if administrator_duties(code for grant in grants for code in grant.permissions):
        label, needed = f"这是管理员账号，{label}", "security.manage"
    own = actor.units_for(needed)
    if not own:
        return f"{label}由{_DUTY_NAMES[needed]}办理。"
    if not all(any(tree.covers(one, grant.unit) for one in own) for grant in grants):
        return "这个账号在您管理范围以外的单位任职，请由上级管理员办理。"
    return ""

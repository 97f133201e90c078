"""Who may be given which role: separation of the three administrators, and the limits of delegation.

Source: GB/T 22239-2019 (等级保护 level 3) 8.1.5: system, security and audit administration are separate duties.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from zhicheng.core.parties.values import Actor, ActorKind, Grant, UnitTree

# Each of these is the mark of one of the three administrators; no account holds two of them.
ADMINISTRATOR_PERMISSIONS = frozenset({"accounts.manage", "security.manage", "ledger.audit"})
LONGEST_DELEGATION = timedelta(days=90)


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

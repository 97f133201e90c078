"""Accounts as pages show them: profile, sessions, grants, demo marks."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from zhicheng.core.parties.errors import AccountNotFound
from zhicheng.core.parties.models import Account, AccountSession, Party, RoleGrant
from zhicheng.core.parties.policy.masking import mask_phone
from zhicheng.core.parties.queries.actors import running_grants
from zhicheng.core.parties.queries.parties import open_fields
from zhicheng.core.parties.values import ActorKind, HeldGrant, OpenSession, Profile


def get_profile(account_id: UUID) -> Profile:
    """An account for its owner, in two queries.

    Raises:
        AccountNotFound: there is none.
    """
    account = Account.objects.filter(id=account_id).first()
    if account is None:
        raise AccountNotFound(account_id=account_id)
    name, phone = account.display_name, ""
    if account.party_id is not None:
        row = Party.objects.values("id", "name_sealed", "phone_sealed").get(id=account.party_id)
        opened = open_fields(row, ("name", "phone"))
        name, phone = opened["name"] or name, mask_phone(opened["phone"])
    return Profile(
        account_id=account.id,
        kind=ActorKind(account.kind),
        login="" if account.kind == "resident" else account.login,
        display_name=name,
        phone=phone,
        has_totp=account.totp_confirmed_at is not None,
        must_change_password=account.must_change_password,
        demo=account.demo,
        last_login=account.last_login,
    )


def list_sessions(account_id: UUID, *, present_key: str = "") -> list[OpenSession]:
    """Where an account is signed in, newest first."""
    rows = AccountSession.objects.filter(account_id=account_id).order_by("-started_at")
    return [OpenSession(row.device, row.started_at, row.session_key == present_key) for row in rows]


def list_held_grants(account_id: UUID, *, now: datetime) -> list[HeldGrant]:
    """The grants an account holds now."""
    return _held(account_id=account_id, now=now)


def list_given_delegations(account_id: UUID, *, now: datetime) -> list[HeldGrant]:
    """What an account delegated to others and what has not ended, begun or not."""
    rows = RoleGrant.objects.filter(delegated_by_id=account_id, ends_at__gt=now)
    return [
        held_value(row) for row in rows.select_related("role", "unit", "account", "delegated_by").order_by("starts_at")
    ]


def find_account(login: str) -> UUID | None:
    """The account with a login name."""
    return Account.objects.filter(login=login.strip().lower()).values_list("id", flat=True).first()


def count_demo_accounts() -> int:
    """Active accounts marked as demo: production must have none."""
    return Account.objects.filter(demo=True, is_active=True).count()


def _held(*, account_id: UUID, now: datetime) -> list[HeldGrant]:
    rows = running_grants(now).filter(Q(account_id=account_id))
    return [
        held_value(row) for row in rows.select_related("role", "unit", "account", "delegated_by").order_by("created_at")
    ]


def held_value(row: RoleGrant) -> HeldGrant:
    """A grant as a page shows it; for this package only."""
    return HeldGrant(
        id=row.id,
        role=row.role_id,
        role_label=row.role.label,
        unit=row.unit_id,
        unit_name=row.unit.short_name or row.unit.name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        account_id=row.account_id,
        account_name=row.account.display_name,
        delegated_by=row.delegated_by.display_name if row.delegated_by else "",
    )

"""Who is asking: from an account or an API key to an actor, in at most two queries."""

import hmac
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.errors import ApiKeyInvalid
from zhicheng.core.parties.models import Account, ApiKey, Party, RoleGrant
from zhicheng.core.parties.queries.units import get_unit_tree
from zhicheng.core.parties.values import ANONYMOUS, Actor, ActorKind, Grant

API_KEY_MARK = "zk"
_MOST_SAME = 500


def actor_for(account: Account | UUID | None, *, now: datetime) -> Actor:
    """The actor of an account; anonymous where there is none, or where it is switched off."""
    if isinstance(account, UUID):
        account = Account.objects.filter(id=account).first()
    if account is None or not account.is_active:
        return ANONYMOUS
    kind = ActorKind(account.kind)
    if kind is ActorKind.RESIDENT:
        return Actor(kind, account.id, account.party_id, (), account.display_name, _same_person(account))
    return Actor(kind, account.id, account.party_id, tuple(list_grants(account.id, now=now)), account.display_name)


def _same_person(account: Account) -> frozenset[UUID]:
    """Parties with the number that the account signs in with, as far as nobody signs in as them.

    Only the login counts, whose number was verified by a code: what somebody writes into their profile proves nothing.
    """
    mark, _, phone_hash = account.login.partition(":")
    if mark != "phone" or not phone_hash:
        return frozenset()
    found = Party.objects.filter(
        ~Exists(Account.objects.filter(party_id=OuterRef("id"))),
        phone_hash=bytes.fromhex(phone_hash),
        erased_at__isnull=True,
    )
    return frozenset(found.order_by("-created_at").values_list("id", flat=True)[:_MOST_SAME])


def actor_for_api_key(key: str, *, now: datetime) -> Actor:
    """The actor of a service that shows its key.

    Raises:
        ApiKeyInvalid: the key is unknown, ended or revoked, or its account is switched off.
    """
    mark, _, rest = key.strip().partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != API_KEY_MARK or not prefix or not secret or len(key) > 200:
        raise ApiKeyInvalid()
    found = ApiKey.objects.select_related("account").filter(prefix=prefix, revoked_at__isnull=True).first()
    digest = keyring().digest("api_key", secret)
    if found is None or not hmac.compare_digest(bytes(found.secret_hash), digest):
        raise ApiKeyInvalid()
    if found.expires_at is not None and found.expires_at <= now:
        raise ApiKeyInvalid()
    actor = actor_for(found.account, now=now)
    if actor.kind is not ActorKind.SERVICE:
        raise ApiKeyInvalid()
    return actor


def list_grants(account_id: UUID, *, now: datetime) -> list[Grant]:
    """The roles an account holds now; a grant at an ended unit counts at its successor."""
    tree = get_unit_tree()
    rows = running_grants(now).filter(account_id=account_id).order_by("created_at", "id")
    columns = rows.values_list("role_id", "unit_id", "role__permissions", "role__subtree", "role__label")
    return [
        Grant(role, tree.successor_of(unit) if unit in tree else unit, frozenset(permissions), subtree, label)
        for role, unit, permissions, subtree, label in columns
    ]


def running_grants(now: datetime) -> QuerySet[RoleGrant]:
    """Grants within their time whose role lives and, for a delegation, whose source is in force too."""
    source_runs = Q(source__account__is_active=True, source__starts_at__lte=now) & (
        Q(source__ends_at__isnull=True) | Q(source__ends_at__gt=now)
    )
    return RoleGrant.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        Q(source__isnull=True) | source_runs,
        starts_at__lte=now,
        role__ended_date__isnull=True,
    )


def list_holders(permission: str, unit: str, *, now: datetime) -> list[UUID]:
    """Active officials who hold a permission at this very unit: whom to tell."""
    rows = running_grants(now).filter(
        unit_id=unit, role__permissions__contains=[permission], account__is_active=True, account__kind="official"
    )
    return list(rows.order_by("account_id").values_list("account_id", flat=True).distinct())


def list_account_names(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Display names for a history or a list, in one query."""
    return dict(Account.objects.filter(id__in=list(account_ids)).values_list("id", "display_name"))

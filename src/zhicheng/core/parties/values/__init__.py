"""Typed values of parties: accounts, consents, delegations, sessions; actors and units are re-exported."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from zhicheng.core.parties.values.actors import ANONYMOUS, PERMISSIONS, Actor, ActorKind, Grant, system_actor
from zhicheng.core.parties.values.units import Unit, UnitTree

__all__ = [
    "ANONYMOUS",
    "PERMISSIONS",
    "AccountFilter",
    "AccountPage",
    "Actor",
    "ActorKind",
    "ConsentUse",
    "GivenConsent",
    "Grant",
    "HeldGrant",
    "IssuedKey",
    "ManagedAccount",
    "MaskedParty",
    "NewConsent",
    "NewDelegation",
    "NewGrant",
    "NewOfficial",
    "OpenSession",
    "PartyDraft",
    "PersonalFields",
    "Profile",
    "RoleRow",
    "RotationProgress",
    "TotpEnrolment",
    "Unit",
    "UnitRow",
    "UnitTree",
    "system_actor",
]


@dataclass(frozen=True)
class PartyDraft:
    """A party ready to be stored: its id and the sealed columns of its row. Holds no readable personal data."""

    id: UUID
    columns: Mapping[str, Any]


@dataclass(frozen=True)
class PersonalFields:
    """What a party may be known by; empty means not given. For an organisation `id_number` is its USCC."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True)
class MaskedParty:
    """A party as everyone who sees the case may see it."""

    id: UUID
    kind: str
    name: str = ""
    phone: str = ""
    id_number: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True)
class NewConsent:
    """Agreement that `source` may be asked for what `purpose` says; `scope` limits it (a draft), "" does not."""

    source: str
    purpose: str
    scope: str = ""


@dataclass(frozen=True)
class ConsentUse:
    """That data was asked for under a consent: when, and what came of it."""

    used_at: datetime
    words: str


@dataclass(frozen=True)
class GivenConsent:
    """A consent as its giver sees it, with its latest uses."""

    id: UUID
    source: str
    scope: str
    purpose: str
    given_at: datetime
    withdrawn_at: datetime | None
    uses: tuple[ConsentUse, ...] = ()


@dataclass(frozen=True)
class NewGrant:
    """A role at a unit, to be given; without `ends_at` until it is revoked."""

    role: str
    unit: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class NewOfficial:
    """An official's account to be made. `demo` marks accounts that production refuses."""

    login: str
    password: str
    display_name: str
    grants: tuple[NewGrant, ...] = ()
    demo: bool = False
    must_change_password: bool = False


@dataclass(frozen=True)
class NewDelegation:
    """An own grant handed to a colleague for a time."""

    grant_id: UUID
    to_login: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class HeldGrant:
    """A grant as a page shows it."""

    id: UUID
    role: str
    role_label: str
    unit: str
    unit_name: str
    starts_at: datetime
    ends_at: datetime | None
    account_id: UUID
    account_name: str
    delegated_by: str = ""


@dataclass(frozen=True)
class Profile:
    """An account as its owner sees it; the telephone number is masked."""

    account_id: UUID
    kind: ActorKind
    login: str
    display_name: str
    phone: str
    has_totp: bool
    must_change_password: bool
    demo: bool
    last_login: datetime | None


@dataclass(frozen=True)
class OpenSession:
    """A place where an account is signed in."""

    device: str
    started_at: datetime
    is_present: bool


@dataclass(frozen=True)
class TotpEnrolment:
    """What an official enters into the authenticator app: by QR code (`uri`) or by hand (`secret`)."""

    secret: str
    uri: str


@dataclass(frozen=True)
class RotationProgress:
    """How far a key rotation is: sealed rows still under an older key, and keys retired in this call."""

    remaining: int
    retired: tuple[int, ...] = ()


@dataclass(frozen=True)
class UnitRow:
    """A unit as a pack names it, with what only pages need."""

    code: str
    name: str
    short_name: str
    kind: str
    parent: str | None
    division: str
    function: str
    phone: str
    ended_date: date | None
    successor: str | None


@dataclass(frozen=True)
class RoleRow:
    """A role as a pack names it."""

    code: str
    label: str
    permissions: tuple[str, ...]
    subtree: bool = False
    description: str = ""


@dataclass(frozen=True)
class AccountFilter:
    """Which accounts of officials and services to list; empty means all.

    `words` are looked for in name, login name and units; `state` is `active`, `locked`, `disabled` or `no_role`;
    `kind` is `official` or `service`.
    """

    words: str = ""
    state: str = ""
    kind: str = ""


@dataclass(frozen=True)
class ManagedAccount:
    """An official's or a service's account as administrators see it; its grants run or are still to begin."""

    id: UUID
    kind: ActorKind
    login: str
    name: str
    is_active: bool
    locked_until: datetime | None
    has_totp: bool
    must_change_password: bool
    demo: bool
    created_at: datetime
    last_login: datetime | None
    grants: tuple[HeldGrant, ...] = ()


@dataclass(frozen=True)
class AccountPage:
    """One page of accounts, by login name; `after` goes into the next call, empty at the end."""

    accounts: tuple[ManagedAccount, ...]
    after: str


@dataclass(frozen=True)
class IssuedKey:
    """A service's API key without its secret."""

    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

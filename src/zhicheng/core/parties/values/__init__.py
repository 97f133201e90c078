"""Typed values of parties: the actor behind a request, roles, and the tree of units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import Any
from uuid import UUID

from zhicheng.core.parties.values.members import Mandate

# Every permission that a role may carry, with its label.
PERMISSIONS: Mapping[str, str] = {
    "appeals.take_call": "接听来电并登记诉求",
    "cases.triage": "分拨工单",
    "cases.arbitrate": "仲裁争议工单",
    "cases.handle": "办理工单",
    "cases.supervise": "督办和审批",
    "cases.read_subtree": "查看本单位及下级单位的工单",
    "cockpit.view": "查看驾驶舱",
    "services.manage": "管理地图服务和孪生应用档案",
    "devices.view": "查看设备和观测数据",
    "devices.manage": "登记和管理设备",
    "devices.report": "上报观测数据",
    "benefits.run": "测算免申即享补贴",
    "benefits.approve": "批准免申即享发放",
    "benefits.pay": "支付补贴和处理回盘",
    "licences.manage": "吊销、暂停和恢复证照",
    "licences.read": "查看本单位签发的证照",
    "parties.reveal": "查看个人信息原文",
    "parties.prove": "窗口当面核验身份",
    "accounts.manage": "管理账号",
    "security.manage": "管理安全策略和授权",
    "ledger.audit": "审计操作账本",
    "packs.install": "安装城市包",
}


class ActorKind(Enum):
    """Who is asking."""

    ANONYMOUS = "anonymous"
    RESIDENT = "resident"
    OFFICIAL = "official"
    SERVICE = "service"  # another system, by API key
    SYSTEM = "system"  # the worker, the simulator, a pack install


@dataclass(frozen=True)
class Grant:
    """One role at one unit. With `subtree`, the role covers every unit below as well."""

    role: str
    unit: str
    permissions: frozenset[str]
    subtree: bool = False
    label: str = ""


@dataclass(frozen=True)
class Actor:
    """Who acts, with what rights, at this moment. Built once a request; carries no personal data.

    `same_person` are parties stored without an account, by call or form, under the telephone number that the
    resident has verified by signing in: what they asked for is the resident's own. With a `mandate`, `party_id` is
    the company's: what is done concerns the company, while history and ledger name the account.
    """

    kind: ActorKind
    account_id: UUID | None = None
    party_id: UUID | None = None
    grants: tuple[Grant, ...] = ()
    name: str = ""
    same_person: frozenset[UUID] = frozenset()
    mandate: Mandate | None = None

    def may(self, scope: str) -> bool:
        """Whether this is within what the company allows; a person acting for themselves may everything."""
        return self.mandate is None or scope in self.mandate.scopes

    def parties_for(self, scope: str) -> frozenset[UUID]:
        """The parties whose things of a scope the actor may see and use."""
        return self.parties if self.may(scope) else frozenset()

    @property
    def person_id(self) -> UUID | None:
        """The party of the human being who acts, whomever for."""
        return self.mandate.person if self.mandate else self.party_id

    @cached_property
    def parties(self) -> frozenset[UUID]:
        """Every party that is this person; none for who has none."""
        return self.same_person | {self.party_id} if self.party_id is not None else frozenset()

    @property
    def ref(self) -> str:
        """The reference that history and ledger keep."""
        if self.account_id is not None:
            return f"account:{self.account_id}"
        return f"{self.kind.value}:{self.name or '-'}"

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Every permission held at any unit."""
        return frozenset(code for grant in self.grants for code in grant.permissions)

    def units_for(self, permission: str) -> tuple[Grant, ...]:
        """The grants that carry a permission."""
        return tuple(grant for grant in self.grants if permission in grant.permissions)


ANONYMOUS = Actor(ActorKind.ANONYMOUS)


def system_actor(name: str) -> Actor:
    """The actor of an automatic step, such as `worker` or `simulator`."""
    return Actor(ActorKind.SYSTEM, name=name)


@dataclass(frozen=True)
class Unit:
    """A government unit or a public company. `division` is the code of the area it serves.

    `function` says what it does there (`housing`, `water`, `street_office`, `community` …): the
    responsibility list names functions, not units.
    """

    code: str
    name: str
    kind: str
    parent: str | None
    division: str
    function: str
    ended_date: date | None = None
    successor: str | None = None


class UnitTree:
    """All units of the city, immutable; built once per installed pack."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = {unit.code: unit for unit in units}
        self._children: dict[str | None, list[str]] = {}
        for unit in self._units.values():
            self._children.setdefault(unit.parent, []).append(unit.code)
        self._by_function: dict[tuple[str, str], str] = {
            (unit.function, unit.division): unit.code
            for unit in reversed(self._units.values())
            if unit.function and unit.ended_date is None
        }

    def __contains__(self, code: object) -> bool:
        return code in self._units

    def __len__(self) -> int:
        return len(self._units)

    def get(self, code: str) -> Unit:
        """One unit.

        Raises:
            KeyError: there is none with this code.
        """
        return self._units[code]

    def all(self) -> Mapping[str, Unit]:
        """Every unit by code, ended ones too."""
        return self._units

    def children(self, code: str | None) -> list[str]:
        """Codes directly below; `None` gives the roots."""
        return list(self._children.get(code, ()))

    def ancestors(self, code: str) -> list[str]:
        """Codes above, nearest first."""
        chain: list[str] = []
        parent = self._units[code].parent
        while parent is not None:
            chain.append(parent)
            parent = self._units[parent].parent
        return chain

    def subtree(self, code: str) -> frozenset[str]:
        """The unit and all below it."""
        found, todo = set[str](), [code]
        while todo:
            current = todo.pop()
            found.add(current)
            todo.extend(self._children.get(current, ()))
        return frozenset(found)

    def covers(self, grant: Grant, code: str) -> bool:
        """Whether a grant reaches a unit."""
        return grant.unit == code or (grant.subtree and grant.unit in self.ancestors(code))

    def reach(self, grants: Iterable[Grant]) -> frozenset[str]:
        """Every unit that one of some grants reaches; one that the pack no longer has reaches itself alone."""
        found = set[str]()
        for grant in grants:
            found |= self.subtree(grant.unit) if grant.subtree and grant.unit in self else {grant.unit}
        return frozenset(found)

    def serving(self, function: str, divisions: Iterable[str]) -> str | None:
        """The unit with a function at the first division that has one; divisions from near to far."""
        for division in divisions:
            found = self._by_function.get((function, division))
            if found is not None:
                return found
        return None

    def successor_of(self, code: str) -> str:
        """The living unit that took over; the unit itself while it lives."""
        seen = {code}
        unit = self._units[code]
        while unit.ended_date is not None and unit.successor and unit.successor not in seen:
            seen.add(unit.successor)
            unit = self._units[unit.successor]
        return unit.code


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

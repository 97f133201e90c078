"""Typed values of acting for a company: scopes, roles, mandates, memberships."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

# What a member may do for a company, with its label; a legal representative may do everything.
SCOPES: Mapping[str, str] = {
    "services": "申请办事、查看办件",
    "licences": "查看和出示证照",
    "policies": "匹配政策、填写企业情况",
}
REPRESENTATIVE, AGENT = "representative", "agent"
MEMBER_ROLES: Mapping[str, str] = {REPRESENTATIVE: "法定代表人", AGENT: "经办人"}


@dataclass(frozen=True)
class Mandate:
    """That a person acts for a company now: by which membership, as what, within which of `SCOPES`."""

    id: UUID
    company: UUID
    company_name: str
    person: UUID
    role: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Membership:
    """A membership as a page shows it: to the person, which company; to the company, which person (`who`, masked)."""

    id: UUID
    company_name: str
    uscc: str
    who: str
    role: str
    scopes: frozenset[str]
    ends_at: datetime | None
    given_by: str = ""
    is_waiting: bool = False

    @property
    def role_label(self) -> str:
        """The role in words."""
        return MEMBER_ROLES[self.role]

    @property
    def scope_labels(self) -> list[str]:
        """What may be done, in words."""
        return [label for code, label in SCOPES.items() if code in self.scopes]


@dataclass(frozen=True)
class NewAgent:
    """Whom a company authorises: by telephone number and name, for what, until when."""

    phone: str
    name: str
    scopes: frozenset[str]
    ends_at: datetime

"""Who acts: the kinds of actors, what a role permits, the grants of one actor."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
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

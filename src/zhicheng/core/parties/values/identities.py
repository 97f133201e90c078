"""Typed values of proving who somebody is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

# How sure a proof of identity is, the surest last.
PROOF_LEVELS: Mapping[str, str] = {
    "demo": "演示核验",
    "basic": "姓名和身份证号码核验",
    "face": "人脸核验",
    "window": "窗口当面核验",
    "register": "登记机关确认",
}


@dataclass(frozen=True)
class IdentityClaim:
    """Who somebody says they are. `token`: what a face or PIN check of the provider gave the browser, if any."""

    name: str
    id_number: str
    token: str = ""


# What a window officer may go by, and why a person is proven at a window at all: codes, which the ledger keeps.
DOCUMENTS: Mapping[str, str] = {
    "id_card": "居民身份证",
    "temporary_id_card": "临时居民身份证",
    "household_register": "户口簿（未满十六周岁）",
    "hkmt_residence_permit": "港澳台居民居住证",
    "permanent_residence_card": "外国人永久居留身份证",
}
WINDOW_REASONS: Mapping[str, str] = {
    "no_face": "人脸或网上核验没有通过",
    "needs_help": "不会用或者没有智能手机",
    "unavailable": "网上核验暂时不能用",
    "minor": "未成年人，监护人陪同",
    "taken": "身份证号码被别的账号占用",
}


@dataclass(frozen=True)
class WindowProof:
    """What an officer takes down of somebody who stands at the window; `phone` is the one of their account.

    `document` and `reason` are codes of `DOCUMENTS` and `WINDOW_REASONS`; `seen`: the officer says that the person is
    the one of the document.
    """

    phone: str
    name: str
    id_number: str
    document: str
    reason: str
    seen: bool = False


@dataclass(frozen=True)
class Identity:
    """A proven identity as its owner sees it: masked, with who proved it, how and when."""

    party: UUID
    name: str
    id_number: str
    provider: str
    level: str
    proven_at: datetime

    @property
    def level_label(self) -> str:
        """The level in words."""
        return PROOF_LEVELS.get(self.level, self.level)

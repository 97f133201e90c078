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

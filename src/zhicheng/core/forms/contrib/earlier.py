"""Documents of a person's earlier submissions, offered again instead of another upload."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from zhicheng.core.forms.public import list_earlier_documents
from zhicheng.core.forms.values import HeldMaterial
from zhicheng.kit.clock import CHINA

PROVIDER = "earlier"
_FRESH = timedelta(days=365)


def offer_earlier(party: UUID, materials: Sequence[str], now: datetime) -> Sequence[HeldMaterial]:
    """The newest upload of each material within a year."""
    found: dict[str, HeldMaterial] = {}
    for document in list_earlier_documents(party, materials, since=now - _FRESH):
        day = document.created_at.astimezone(CHINA).date().isoformat()
        held = HeldMaterial(PROVIDER, str(document.id), document.material, document.name, f"您 {day} 提交过")
        found.setdefault(document.material, held)
    return list(found.values())

"""Materials that nobody has to hand in: the register answers instead."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from zhicheng.apps.services.queries.catalogue import get_catalogue
from zhicheng.apps.services.queries.facts import register_facts
from zhicheng.core.forms.values import HeldMaterial

PROVIDER = "register"


def held_by_register(party: UUID, materials: Sequence[str], _now: datetime) -> list[HeldMaterial]:
    """What the register vouches for of a party, as materials that can be used as they are."""
    catalogue = get_catalogue()
    wanted = [catalogue.waivers[code] for code in materials if code in catalogue.waivers]
    facts = register_facts(party) if wanted else {}
    return [
        HeldMaterial(PROVIDER, waiver.fact, waiver.material, waiver.words, facts[waiver.fact].source)
        for waiver in wanted
        if waiver.fact in facts and waiver.value in (None, facts[waiver.fact].value)
    ]

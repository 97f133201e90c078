"""The parts of a pack that places reads: divisions, areas, landmarks, layers, what a simulated city is made of."""

from zhicheng.core.packs.public import sections
from zhicheng.core.places.sections.areas import AREAS
from zhicheng.core.places.sections.city import CITY
from zhicheng.core.places.sections.divisions import DIVISIONS
from zhicheng.core.places.sections.landmarks import LANDMARKS
from zhicheng.core.places.sections.layers import LAYERS


def register() -> None:
    """Add the sections, once, in the order in which they build on each other."""
    for section in (DIVISIONS, AREAS, LANDMARKS, LAYERS, CITY):
        if section.code not in sections:
            sections.add(section.code, section)

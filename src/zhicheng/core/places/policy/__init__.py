"""Pure decisions of places: what lies where, and what an address text means."""

from zhicheng.core.places.policy.atlas import Atlas, AtlasContent
from zhicheng.core.places.policy.gazetteer import Gazetteer, Match
from zhicheng.core.places.policy.naming import short_name

__all__ = ["Atlas", "AtlasContent", "Gazetteer", "Match", "short_name"]

"""Typed values of packs: the installed pack, its releases, pinned definitions, changes between two packs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any


@dataclass(frozen=True)
class DataLicence:
    """Where a part of the pack's data comes from, and under which terms."""

    name: str
    licence: str
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class PackInfo:
    """What `pack.yaml` says. `center` is longitude, latitude (WGS84 degrees)."""

    code: str
    name: str
    version: str
    number_prefix: str
    city_division: str
    fallback_unit: str
    center: tuple[float, float]
    triage_threshold: float
    full_name: str = ""
    dispatch_unit: str = ""
    authority: str = ""
    map_approval: str = ""
    requires: str = ""
    language: str = "zh-Hans"
    time_zone: str = "Asia/Shanghai"
    texts: Mapping[str, str] = field(default_factory=dict)
    data_licences: tuple[DataLicence, ...] = ()

    def text(self, name: str) -> str:
        """One of the region's texts, or nothing where the pack has none."""
        return self.texts.get(name, "")


@dataclass(frozen=True)
class PackRelease:
    """One installation of a pack. `digest` is SM3 over all its files; `fresh` is False where nothing was to do."""

    id: int
    code: str
    version: str
    digest: str
    installed_at: datetime
    actor_ref: str
    fresh: bool = False


@dataclass(frozen=True)
class PinnedDefinition:
    """A definition that a case may run on for years: its hash names exactly this kind, code, label and body."""

    hash: str
    kind: str
    code: str
    label: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class DescribedItem:
    """One item of a pack as its section describes it; the fields are text."""

    section: str
    section_label: str
    kind: str
    code: str
    label: str
    fields: Mapping[str, str]


class ChangeKind(Enum):
    """What happened to an item between two packs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class FieldChange:
    """One field of a changed item; empty text where it was, or is now, not filled in."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """One difference between two packs. `item` is the new one, or the old one where it was removed."""

    kind: ChangeKind
    item: DescribedItem
    fields: tuple[FieldChange, ...] = ()

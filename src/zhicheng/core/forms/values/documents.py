"""Materials that somebody hands in, what is read from them, and what the city holds already."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from zhicheng.core.forms.values.definitions import MaterialNeed, MaterialType


@dataclass(frozen=True)
class HeldMaterial:
    """Something the city holds that can serve as a material: a valid licence, a document of an earlier submission."""

    provider: str
    ref: str
    material: str
    label: str
    source: str
    valid_until: str = ""


@dataclass(frozen=True)
class NewDocument:
    """A file that somebody uploads as a material of their draft."""

    draft: UUID
    material: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Reading:
    """What was read from a document. `type` is the reader that recognised it; dates are ISO texts."""

    type: str
    name: str = ""
    number: str = ""
    dates: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    confidence: float = 0.0


@dataclass(frozen=True)
class Document:
    """An uploaded material. `state`: none (nobody reads it), waiting, read, unreadable."""

    id: UUID
    material: str
    name: str
    media_type: str
    size_bytes: int
    created_at: datetime
    state: str
    reading: Reading | None = None


@dataclass(frozen=True)
class Slot:
    """A material of an application: `state` is have, missing, waiting, error or optional."""

    type: MaterialType
    need: MaterialNeed
    state: str
    words: str
    documents: tuple[Document, ...] = ()
    offered: tuple[HeldMaterial, ...] = ()
    chosen: HeldMaterial | None = None

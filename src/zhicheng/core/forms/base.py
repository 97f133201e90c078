"""What plugs into forms: prefill sources, providers of what the city holds, engines that read documents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from zhicheng.core.forms.values import HeldMaterial

Fetch = Callable[[UUID, Sequence[str], datetime, float], Mapping[str, Any]]
"""party, fields, now, seconds left → values by field; what is not known is left out. Raises only `SourceFailed`."""


@dataclass(frozen=True)
class PrefillSource:
    """Where values may be fetched from. `fields` maps its field codes to labels; `purpose` is what people agree to.

    With `local`, it reads this database: it is called in the asking thread, without a deadline. `kinds` are the
    parties that it can say something of. `table` is the table of the lake that it reads, `beside` are the fields that
    it knows without.
    """

    code: str
    label: str
    fields: Mapping[str, str]
    purpose: str
    fetch: Fetch
    local: bool = False
    kinds: tuple[str, ...] = ("person", "organisation")
    table: str = ""
    beside: tuple[str, ...] = ()


class HoldingProvider(Protocol):
    """Says what the city holds of a person that can serve as some material."""

    def __call__(self, party: UUID, materials: Sequence[str], now: datetime, /) -> Sequence[HeldMaterial]:
        """What there is, newest first; only what is valid now."""


@dataclass(frozen=True)
class TextLine:
    """One line of text found in a picture, top to bottom; confidence is 0 to 1."""

    text: str
    confidence: float


class TextReader(Protocol):
    """Finds the lines of text in a picture or PDF."""

    def __call__(self, content: bytes, media_type: str, /) -> Sequence[TextLine]:
        """The lines; none where nothing can be read."""

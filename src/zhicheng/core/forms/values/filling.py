"""A form as it is filled in, and as it was submitted: values with their sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.core.forms.values.definitions import Form
from zhicheng.core.forms.values.documents import HeldMaterial


@dataclass(frozen=True)
class ValueSource:
    """Where a value came from. `kind`: person, prefilled, computed or read (from a document).

    `ref` names the prefill source or the material; `was` and `was_from` keep what a person corrected.
    """

    kind: str
    label: str = ""
    ref: str = ""
    at: str = ""
    was: Any = None
    was_from: str = ""


@dataclass(frozen=True)
class Owner:
    """Who a draft belongs to: a party, or an anonymous browser by the keyed hash of its token."""

    party: UUID | None = None
    token: str = ""

    @property
    def key(self) -> str:
        """As stored in the draft's row."""
        return f"party:{self.party}" if self.party else f"token:{self.token}"


@dataclass(frozen=True)
class Draft:
    """A form being filled in. `values` may be incomplete; `sources` says of each value where it came from.

    `subject` is the app's own reference (which service or theme this is for); `held` maps a material to what the
    city holds and the person chose to reuse.
    """

    id: UUID
    form: Form
    owner: str
    subject: str
    version: int
    values: Mapping[str, Any]
    sources: Mapping[str, ValueSource]
    held: Mapping[str, HeldMaterial]
    created_at: datetime
    updated_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class DraftRow:
    """A draft in a list: no personal value."""

    id: UUID
    form: str
    label: str
    subject: str
    updated_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class SaveDraft:
    """What a person has typed on one page: raw text by input name, as a browser or an app sends it.

    `section` limits it to one section; a field of the section that is not sent counts as emptied.
    """

    draft: UUID
    version: int
    values: Mapping[str, Any]
    section: str = ""


@dataclass(frozen=True)
class Checked:
    """Values in their stored form, without what the answers hide; `errors` are sentences by field.

    A field of a repeated group is named `children.0.name`. `places` says where the addresses are.
    """

    values: Mapping[str, Any]
    errors: Mapping[str, list[str]]
    places: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Contradiction:
    """A document says something else than the form. `grave`: another person's name or number; a reviewer must look."""

    field: str
    label: str
    material: str
    material_label: str
    stated: str
    read: str
    grave: bool
    text: str


@dataclass(frozen=True)
class PreparedSubmission:
    """A submission that is checked and sealed but not yet stored; its draft's row is locked."""

    id: UUID
    draft: UUID
    form: Form
    party: UUID | None
    values: Mapping[str, Any]
    places: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, ValueSource]
    contradictions: Sequence[Contradiction]
    columns: Mapping[str, Any]


@dataclass(frozen=True)
class Submission:
    """What was submitted, for ever as it was. Readable: hand it only to whoever may read the case."""

    id: UUID
    form: Form
    party: UUID | None
    subject: UUID | None
    values: Mapping[str, Any]
    places: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, ValueSource]
    held: Mapping[str, HeldMaterial]
    submitted_at: datetime


@dataclass(frozen=True)
class ShownValue:
    """One value as a page shows it: in words, masked unless the reader may see it, with its source in words."""

    name: str
    label: str
    text: str
    source: str = ""
    was: str = ""

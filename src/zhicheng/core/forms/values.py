"""Typed values of forms: definitions, values with their sources, drafts, submissions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from zhicheng.core.parties.values import Actor

FORM, MATERIAL = "form", "material"
"""Kinds of pinned definitions."""

Widget = Literal[
    "text",
    "textarea",
    "id_number",
    "uscc",
    "phone",
    "date",
    "address",
    "choice",
    "choices",
    "boolean",
    "integer",
    "money",
    "division",
    "repeat",
]
WIDGETS: tuple[str, ...] = Widget.__args__  # type: ignore[attr-defined]  # typing has no stub for Literal's arguments

LIMIT_BYTES = 100_000
"""The most that all values of one form may take, as JSON in UTF-8."""


@dataclass(frozen=True)
class Condition:
    """`x-when`: another field of the same form (or of the same repeated group) has one of these values."""

    field: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Prefill:
    """One place where a field's value may be fetched: a field of a registered source."""

    source: str
    field: str


@dataclass(frozen=True)
class Read:
    """One place where a field's value may be read: a field of a material's document."""

    material: str
    field: str


@dataclass(frozen=True)
class Computed:
    """`x-computed`: how a value follows from others: `birth_date`, `sex`, `age` of an ID number, `sum`, `count`."""

    how: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class Option:
    """One choice."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class FormField:
    """One field as people see it; `rules` is the property of the JSON Schema it came from."""

    name: str
    label: str
    widget: str
    rules: Mapping[str, Any]
    help: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    fact: str = ""
    prefill: tuple[Prefill, ...] = ()
    documents: tuple[Read, ...] = ()
    computed: Computed | None = None
    when: Condition | None = None
    personal: bool = False
    not_future: bool = False
    age: tuple[int | None, int | None] = (None, None)
    item_label: str = ""
    items: tuple["FormField", ...] = ()
    required: bool = False


@dataclass(frozen=True)
class FormSection:
    """Fields that are asked together, on one page."""

    code: str
    label: str
    fields: tuple[FormField, ...]
    help: str = ""
    when: Condition | None = None


@dataclass(frozen=True)
class MaterialNeed:
    """A material that a form or service asks for. `when` makes it needed for some answers only."""

    material: str
    required: bool = True
    when: Condition | None = None
    note: str = ""


@dataclass(frozen=True)
class Form:
    """A form, pinned by the hash of its content. `schema` is the JSON Schema 2020-12 with our keywords."""

    hash: str
    code: str
    label: str
    schema: Mapping[str, Any]
    sections: tuple[FormSection, ...]
    materials: tuple[MaterialNeed, ...] = ()
    intro: str = ""

    @property
    def fields(self) -> tuple[FormField, ...]:
        """Every field of the first level, in the order of the sections."""
        return tuple(each for section in self.sections for each in section.fields)

    def field(self, name: str) -> FormField | None:
        """A field of the first level by name."""
        return next((each for each in self.fields if each.name == name), None)

    def section(self, code: str) -> FormSection | None:
        """A section by code."""
        return next((section for section in self.sections if section.code == code), None)


@dataclass(frozen=True)
class MaterialField:
    """A field that can be read from a material."""

    code: str
    label: str


@dataclass(frozen=True)
class MaterialType:
    """A kind of material. `licence` names the licence type that replaces it; `reader` who reads an upload of it."""

    code: str
    label: str
    kind: str
    licence: str = ""
    reader: str = "none"
    fields: tuple[MaterialField, ...] = ()
    note: str = ""


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
class HeldMaterial:
    """Something the city holds that can serve as a material: a valid licence, a document of an earlier submission."""

    provider: str
    ref: str
    material: str
    label: str
    source: str
    valid_until: str = ""


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


@dataclass(frozen=True)
class PrefillAsk:
    """Which sources to ask for a draft, by whom, and how long each may take."""

    draft: UUID
    version: int
    sources: tuple[str, ...]
    actor: Actor
    timeout_s: float = 3.0


@dataclass(frozen=True)
class SourceAnswer:
    """What came of asking one source: filled (labels of fields), or `failure`, a sentence."""

    source: str
    label: str
    filled: tuple[str, ...] = ()
    failure: str = ""


@dataclass(frozen=True)
class PrefillReport:
    """What prefilling did: a source that failed never blocks the form."""

    draft: Draft
    answers: tuple[SourceAnswer, ...]


@dataclass(frozen=True)
class OfferedSource:
    """A source that could fill fields of a form, with what the person is asked to agree to."""

    code: str
    label: str
    purpose: str
    fields: tuple[str, ...]
    consented: bool


@dataclass(frozen=True)
class NewDocument:
    """A file that somebody uploads as a material of their draft."""

    draft: UUID
    material: str
    name: str
    content: bytes


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
    reading: "Reading | None" = None


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
class Slot:
    """A material of an application: `state` is have, missing, waiting, error or optional."""

    type: MaterialType
    need: MaterialNeed
    state: str
    words: str
    documents: tuple[Document, ...] = ()
    offered: tuple[HeldMaterial, ...] = ()
    chosen: HeldMaterial | None = None

"""What a pack declares: forms with their sections and fields, and the materials that they ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

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
    """One field as people see it; `rules` is the property of the JSON Schema it came from.

    `newer`: the form reports what has just happened, so that its date may be later than what a register holds.
    """

    name: str
    label: str
    widget: str
    rules: Mapping[str, Any]
    help: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    fact: str = ""
    newer: bool = False
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

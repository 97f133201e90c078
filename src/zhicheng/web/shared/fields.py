"""A form field as the templates see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

GROUP_KINDS = frozenset({"radio", "checkbox", "photo", "place", "rating", "repeat"})


@dataclass(frozen=True)
class Field:
    """One form field as the templates see it; `options` are (value, label) or (value, label, hint)."""

    kind: str
    name: str
    label: str
    value: Any = ""
    errors: Sequence[str] = ()
    hint: str = ""
    required: bool = True
    options: Sequence[Sequence[str]] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id of the control, which labels and the error summary point to; `prefix` keeps two forms apart."""
        prefix = self.extra.get("prefix", "")
        return f"id_{prefix}_{self.name}" if prefix else f"id_{self.name}"

    @property
    def template(self) -> str:
        """The template that draws the control."""
        return f"components/controls/{self.kind}.html"

    @property
    def is_group(self) -> bool:
        """Whether the field is a fieldset with a legend instead of one control with a label."""
        return self.kind in GROUP_KINDS

    @property
    def described_by(self) -> str:
        """The ids of the sentences that belong to the control."""
        parts = [f"{self.id}_hint"] if self.hint else []
        parts += [f"{self.id}_error"] if self.errors else []
        return " ".join(parts)

    @property
    def chosen(self) -> Sequence[str]:
        """The chosen values, whether one or several may be chosen."""
        values = self.value if isinstance(self.value, list | tuple) else [self.value]
        return [str(value) for value in values]

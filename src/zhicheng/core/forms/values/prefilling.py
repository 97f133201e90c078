"""Asking registers for what the person need not type."""

from dataclasses import dataclass
from uuid import UUID

from zhicheng.core.forms.values.filling import Draft
from zhicheng.core.parties.values import Actor


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

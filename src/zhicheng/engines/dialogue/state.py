"""What a conversation about one form has come to, and what one turn of it brings: plain data, to be kept as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

ASK, ANY, MORE, REVIEW, SUBMITTED, LEFT = "ask", "any", "more", "review", "submitted", "left"
"""Modes: fields are asked; whether a group has a member; whether it has another; the draft is shown; yes was said."""

PERSON, READ = "person", "read"
"""Sources of a value: said by the person; read from a document (`read:<material>`)."""


@dataclass(frozen=True)
class Contradiction:
    """Two things that cannot both be right. `kind`: again (one field, two values), birth_date or sex (of an ID number).

    `old` is what the form holds for the first name, `new` what was said or follows now.
    """

    kind: str
    names: tuple[str, ...]
    old: Any
    new: Any
    text: str = ""
    source: str = PERSON


@dataclass(frozen=True)
class State:
    """Everything that the next turn needs. `values` are flat (`children.0.name`), `partial` are days half said.

    `words` say values that are codes.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    mode: str = ASK
    asked: tuple[str, ...] = ()
    tries: Mapping[str, int] = field(default_factory=dict)
    passed: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    partial: Mapping[str, str] = field(default_factory=dict)
    pending: tuple[Contradiction, ...] = ()
    settled: tuple[str, ...] = ()
    members: Mapping[str, int] = field(default_factory=dict)
    closed: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    turns: int = 0


@dataclass(frozen=True)
class Change:
    """One value that a turn wrote; `was` is what it replaced."""

    name: str
    label: str
    value: Any
    words: str
    was: Any = None


@dataclass(frozen=True)
class Question:
    """One thing that is asked. `kind`: field, any, more, contradiction, submit."""

    name: str
    label: str
    text: str
    kind: str = "field"
    optional: bool = False
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Turn:
    """What one message led to. `say` is the whole answer in words; `draft` is given where it is shown.

    `done`: the person said yes to the draft. `offers`: `form` where the ordinary form is offered, `skip` where the
    field may be left out. `left`: the person wants to stop.
    """

    state: State
    say: str
    changes: tuple[Change, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    questions: tuple[Question, ...] = ()
    draft: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    done: bool = False
    left: bool = False


def state_to_json(state: State) -> dict[str, Any]:
    """A state as plain data."""
    return asdict(state)


def state_from_json(plain: Mapping[str, Any]) -> State:
    """A state from plain data; lists become tuples again."""
    fixed: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in plain.items()}
    fixed["pending"] = tuple(Contradiction(**{**one, "names": tuple(one["names"])}) for one in plain.get("pending", ()))
    return State(**fixed)

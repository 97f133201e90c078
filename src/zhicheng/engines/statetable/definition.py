"""A process as typed values, read from plain mappings (YAML in a pack, JSON in the database)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

_T = TypeVar("_T")

FIELD_TYPES = frozenset(
    {"text", "textarea", "unit", "choice", "files", "integer", "score", "boolean", "item", "number", "account", "date"}
)
FieldType = Literal[
    "text", "textarea", "unit", "choice", "files", "integer", "score", "boolean", "item", "number", "account", "date"
]
ClockVerb = Literal["start", "meet", "pause", "resume", "extend", "cancel"]


@dataclass(frozen=True)
class Condition:
    """A test on one fact. `otherwise` is the sentence for the person when it fails.

    A fact that is missing counts as None; comparisons with None are false, `is` and `is_not` compare it.
    """

    fact: str
    operator: Literal["is", "is_not", "at_least", "at_most", "in"]
    value: Any
    otherwise: str = ""


@dataclass(frozen=True)
class Field:
    """One input of an action, from which forms and checks are made.

    The bounds of a `date` are days from today: `minimum: 1` is tomorrow at the earliest.
    """

    code: str
    label: str
    type: FieldType = "text"
    required: bool = False
    min_length: int = 0
    max_length: int = 2000
    minimum: int | None = None
    maximum: int | None = None
    choices: Sequence[tuple[str, str]] = ()
    help: str = ""


@dataclass(frozen=True)
class ClockStep:
    """What an action does to a clock; `clock` may be `*` for every running one.

    With `since` = `opened`, a clock that starts again counts from the start of its first round.
    """

    verb: ClockVerb
    clock: str
    when: Sequence[Condition] = ()
    days: Any = None
    since: str = ""


@dataclass(frozen=True)
class Spawn:
    """A child case that an action opens; `unit`, `title` may be expressions."""

    process: str
    unit: Any
    title: Any
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Branch:
    """One possible target state with its conditions; the first whose conditions hold is taken."""

    state: str
    when: Sequence[Condition] = ()


@dataclass(frozen=True)
class Action:
    """One row of the table. `who` are capacities of the actor towards the case; `*` in `sources` is any open state.

    Values in `sets`, `assign` and `opens` are literals or expressions: `$input.x`, `$facts.x`, `$context.x`,
    `$case.unit`.
    """

    code: str
    label: str
    sources: frozenset[str]
    targets: Sequence[Branch]
    who: frozenset[str]
    guards: Sequence[Condition] = ()
    fields: Sequence[Field] = ()
    sets: Mapping[str, Any] = field(default_factory=dict)
    assign: Any = None
    assignee: Any = None
    clocks: Sequence[ClockStep] = ()
    opens: Sequence[Spawn] = ()
    notify: Mapping[str, str] = field(default_factory=dict)
    public: bool = False
    primary: bool = False
    danger: bool = False


@dataclass(frozen=True)
class State:
    """A state; `final` ends the case. `public` is the word that the requester reads."""

    code: str
    label: str
    final: bool = False
    public: str = ""


@dataclass(frozen=True)
class ClockSpec:
    """A kind of clock.

    `limit` is a mapping (`minutes`, `hours`, `days`, `working_days`, with `calendar`, `source`) or an expression
    giving one; `until` in a mapping is an expression giving the day at whose beginning the clock is due. `stages` are
    shares of the limit at which it fires: below 1 it warns, from 1 on it is overdue and each further stage escalates
    one unit higher. `then` is an action done by the system when overdue.
    """

    code: str
    label: str
    limit: Any
    stages: Sequence[float] = (0.7, 0.9, 1.0, 1.5, 2.0)
    then: str = ""
    quiet: bool = False


@dataclass(frozen=True)
class Queue:
    """A list of cases that a role works through."""

    code: str
    label: str
    states: frozenset[str]
    permission: str


@dataclass(frozen=True)
class Process:
    """A whole process. A case begins in `initial`, or in one of `may_begin` when whoever opens it says so."""

    code: str
    label: str
    initial: str
    states: Mapping[str, State]
    actions: Mapping[str, Action]
    clocks: Mapping[str, ClockSpec]
    opening: Sequence[ClockStep] = ()
    queues: Sequence[Queue] = ()
    may_begin: frozenset[str] = frozenset()


def parse_process(body: Mapping[str, Any]) -> Process:
    """Read a process from its mapping.

    Raises:
        ValueError: the mapping does not describe a process; the sentence names the place.
    """
    with _place("流程"):
        return Process(
            code=str(body["code"]),
            label=str(body["label"]),
            initial=str(body["initial"]),
            states=_named("状态", body["states"], lambda code, raw: _state(code, raw or {})),
            actions=_named("动作", body["actions"], _action),
            clocks=_named("时钟", body.get("clocks") or {}, _clock),
            opening=_listed("opening", body.get("opening"), _step),
            queues=_listed("queues", body.get("queues"), _queue),
            may_begin=frozenset(_sequence("may_begin", body.get("may_begin"))),
        )


@contextmanager
def _place(name: str) -> Iterator[None]:
    """Put a place before whatever is wrong inside; places nest."""
    try:
        yield
    except KeyError as error:
        raise ValueError(f"{name}：缺少 {error.args[0]}") from error
    except (TypeError, AttributeError) as error:
        raise ValueError(f"{name}：结构不对（{error}）") from error
    except ValueError as error:
        raise ValueError(f"{name}：{error}") from error


def _named(kind: str, raws: Mapping[Any, Any], read: Callable[[str, Any], _T]) -> dict[str, _T]:
    found = {}
    for code, raw in raws.items():
        with _place(f"{kind} {code}"):
            found[str(code)] = read(str(code), raw)
    return found


def _listed(key: str, raws: Any, read: Callable[[Any], _T]) -> tuple[_T, ...]:
    found = []
    for index, raw in enumerate(_sequence(key, raws), 1):
        with _place(f"{key} 第 {index} 项"):
            found.append(read(raw))
    return tuple(found)


def _sequence(key: str, raw: Any) -> Sequence[Any]:
    if raw is None:
        return ()
    if not isinstance(raw, list | tuple):
        raise TypeError(f"{key} 要写成列表")
    return raw


def _state(code: str, raw: Mapping[str, Any]) -> State:
    label = str(raw.get("label", code))
    return State(code, label, bool(raw.get("final", False)), str(raw.get("public", label)))


def _action(code: str, raw: Mapping[str, Any]) -> Action:
    known = {
        "label",
        "from",
        "to",
        "who",
        "guards",
        "fields",
        "sets",
        "assign",
        "assignee",
        "clocks",
        "opens",
        "notify",
    }
    if unknown := set(raw) - known - {"public", "primary", "danger"}:
        raise ValueError(f"有不认识的键：{'、'.join(sorted(unknown))}")
    target = raw.get("to", "same")
    branches = target if isinstance(target, list) else [{"state": target}]
    if not branches:
        raise ValueError("to 至少要有一个终点")
    return Action(
        code=code,
        label=str(raw["label"]),
        sources=frozenset(_sequence("from", raw["from"])),
        targets=_listed("to", branches, lambda item: Branch(str(item["state"]), _conditions(item.get("when")))),
        who=frozenset(_sequence("who", raw["who"])),
        guards=_conditions(raw.get("guards")),
        fields=_listed("fields", raw.get("fields"), _field),
        sets=dict(raw.get("sets", {})),
        assign=raw.get("assign"),
        assignee=raw.get("assignee"),
        clocks=_listed("clocks", raw.get("clocks"), _step),
        opens=_listed("opens", raw.get("opens"), _spawn),
        notify=dict(raw.get("notify", {})),
        public=bool(raw.get("public", False)),
        primary=bool(raw.get("primary", False)),
        danger=bool(raw.get("danger", False)),
    )


def _conditions(raw: Any) -> tuple[Condition, ...]:
    return _listed("条件", raw, _condition)


def _condition(raw: Mapping[str, Any]) -> Condition:
    operators: tuple[Literal["is", "is_not", "at_least", "at_most", "in"], ...] = (
        "is",
        "is_not",
        "at_least",
        "at_most",
        "in",
    )
    found = [operator for operator in operators if operator in raw]
    if len(found) != 1:
        raise ValueError(f"{dict(raw)} 要有且只有一个比较：is、is_not、at_least、at_most、in")
    return Condition(str(raw["fact"]), found[0], raw[found[0]], str(raw.get("otherwise", "")))


def _field(raw: Mapping[str, Any]) -> Field:
    return Field(
        code=str(raw["code"]),
        label=str(raw["label"]),
        type=raw.get("type", "text"),
        required=bool(raw.get("required", False)),
        min_length=int(raw.get("min_length", 0)),
        max_length=int(raw.get("max_length", 2000)),
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
        choices=tuple((str(code), str(label)) for code, label in dict(raw.get("choices", {})).items()),
        help=str(raw.get("help", "")),
    )


def _step(raw: Mapping[str, Any]) -> ClockStep:
    verbs: tuple[ClockVerb, ...] = ("start", "meet", "pause", "resume", "extend", "cancel")
    found = [verb for verb in verbs if verb in raw]
    if len(found) != 1:
        raise ValueError(f"{dict(raw)} 要有且只有一个动词：{'、'.join(verbs)}")
    return ClockStep(
        found[0], str(raw[found[0]]), _conditions(raw.get("when")), raw.get("days"), str(raw.get("since", ""))
    )


def _spawn(raw: Mapping[str, Any]) -> Spawn:
    return Spawn(str(raw["process"]), raw["unit"], raw.get("title", "$case.title"), dict(raw.get("facts", {})))


def _clock(code: str, raw: Mapping[str, Any]) -> ClockSpec:
    return ClockSpec(
        code=code,
        label=str(raw["label"]),
        limit=raw["limit"],
        stages=tuple(float(stage) for stage in raw.get("stages", (0.7, 0.9, 1.0, 1.5, 2.0))),
        then=str(raw.get("then", "")),
        quiet=bool(raw.get("quiet", False)),
    )


def _queue(raw: Mapping[str, Any]) -> Queue:
    states = frozenset(_sequence("states", raw["states"]))
    return Queue(str(raw["code"]), str(raw["label"]), states, str(raw["permission"]))

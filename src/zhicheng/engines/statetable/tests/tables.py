"""Three processes of the model, written by hand from their wording, not read from YAML."""

from collections.abc import Callable, Mapping
from typing import Any

from zhicheng.engines.statetable.tests.model import Act, ModelCase, Table

USUAL = (0.7, 0.9, 1.0, 1.5, 2.0)
TEN_MINUTES, HALF_HOUR = {"minutes": 10}, {"minutes": 30}
CLERKS = {"cases.handle", "cases.supervise", "cases.triage", "cases.arbitrate"}
INTAKE = {"received", "assigned", "arbitration", "handling"}


def text(code: str, least: int, most: int) -> Callable[[Mapping], bool]:
    """Whether a required text is there and within its bounds."""
    return lambda given: max(1, least) <= len(str(given.get(code, "")).strip()) <= most


def optional(code: str, most: int) -> Callable[[Mapping], bool]:
    return lambda given: len(str(given.get(code, "")).strip()) <= most


def number(code: str, low: int, high: int) -> Callable[[Mapping], bool]:
    return lambda given: given.get(code) in {*range(low, high + 1), *map(str, range(low, high + 1))}


def both(*checks: Callable[[Mapping], bool]) -> Callable[[Mapping], bool]:
    return lambda given: all(check(given) for check in checks)


def nothing_pending(case: ModelCase) -> bool:
    return case.facts.get("pending") is None


def no_children(case: ModelCase) -> bool:
    return case.context["open_children"] == 0


def approves(kind: str) -> Callable[[ModelCase], bool]:
    return lambda case: case.facts.get("pending") == kind and case.facts.get("pending_by") != case.context["actor"]


def settle(case: ModelCase, **facts: Any) -> None:
    case.facts.update(facts)


def begin_appeal(case: ModelCase) -> None:
    case.start("response", TEN_MINUTES)
    case.start("feedback", HALF_HOUR)
    if case.facts.get("urgent"):
        case.start("dispatch", HALF_HOUR)
    case.start("resolve", case.facts["limit"])


def dispatch(case: ModelCase) -> None:
    case.move(case.context["unit"])
    was_urgent = case.facts.get("urgent")
    settle(case, was_urgent=was_urgent, urgent=case.context["urgent"], limit=case.context["limit"])
    case.start("resolve", case.facts["limit"], from_first=True)
    if case.facts["urgent"] is True and was_urgent is not True:
        case.start("dispatch", HALF_HOUR)
    if case.facts["urgent"] is not True:
        case.end("cancelled", "dispatch")


def accept(case: ModelCase) -> None:
    case.end("met", "response")
    case.end("met", "dispatch")


def contact(case: ModelCase) -> None:
    accept(case)
    case.end("met", "feedback")


def refuse(case: ModelCase) -> None:
    case.move(case.context["arbiter_unit"])
    settle(case, refused=True)


def ask(kind: str) -> Callable[[ModelCase], None]:
    return lambda case: settle(
        case,
        pending=kind,
        pending_by=case.context["actor"],
        pending_until=case.given.get("until", case.facts.get("pending_until")),
        extension_days=case.given.get("days", case.facts.get("extension_days")),
    )


def extend(case: ModelCase) -> None:
    settle(case, pending=None, extended=True)
    case.each("resolve", lambda clock: clock.extend(int(case.facts["extension_days"]), case.now))


def pause(case: ModelCase) -> None:
    case.start("pause", {"until": case.facts["pending_until"]})
    settle(case, pending=None, paused=True)
    case.each("resolve", lambda clock: clock.pause(case.now))


def resume(case: ModelCase) -> None:
    settle(case, paused=False)
    case.each("resolve", lambda clock: clock.resume(case.now))
    case.end("cancelled", "pause")


def reply(case: ModelCase) -> None:
    resume(case)
    settle(case, handled_by=case.unit)
    case.end("met")
    case.start("rating", {"days": 7})


def rate(case: ModelCase) -> None:
    settle(case, score=int(case.given["score"]))
    case.move(case.context["rated_unit"])
    case.end("met", "rating")
    if case.facts["score"] <= 2:
        case.start("follow_up", {"hours": 24})


def rework(case: ModelCase) -> None:
    case.move(case.facts["handled_by"])
    case.end("met", "follow_up")
    case.start("resolve", case.facts["limit"])


def explain(case: ModelCase) -> None:
    case.move(case.facts["handled_by"])
    case.end("met", "follow_up")


APPEAL = Table(
    first="received",
    final={"closed", "withdrawn", "merged"},
    stages=dict.fromkeys(["response", "feedback", "dispatch", "resolve", "follow_up"], USUAL)
    | dict.fromkeys(["rating", "pause"], (1.0,)),
    then={"rating": "close_unrated", "pause": "resume_due"},
    begin=begin_appeal,
    acts={
        "dispatch": Act(
            {"received"},
            {"cases.triage"},
            "assigned",
            check=both(text("item", 1, 2000), optional("reason", 500)),
            effect=dispatch,
        ),
        "accept": Act({"assigned"}, {"cases.handle"}, "handling", effect=accept),
        "refuse": Act(
            {"assigned"},
            {"cases.handle"},
            "arbitration",
            guard=lambda case: not case.facts.get("refused"),
            check=text("reason", 10, 1000),
            effect=refuse,
        ),
        "arbitrate": Act(
            {"arbitration"},
            {"cases.arbitrate"},
            "assigned",
            check=text("reason", 5, 1000),
            effect=lambda case: case.move(case.context["unit"]),
        ),
        "contact": Act(
            {"assigned", "handling"}, {"cases.handle"}, "handling", check=text("text", 5, 1000), effect=contact
        ),
        "invite": Act(
            {"handling"},
            {"cases.handle"},
            check=both(text("unit", 1, 2000), text("reason", 5, 1000)),
            effect=lambda case: case.opened.append(str(case.given["unit"]).strip()),
        ),
        "note": Act({"*"}, CLERKS, check=text("text", 1, 2000)),
        "request_extension": Act(
            {"handling"},
            {"cases.handle"},
            guard=lambda case: (
                nothing_pending(case) and not case.facts.get("extended") and not case.facts.get("urgent")
            ),
            check=both(number("days", 1, 15), text("reason", 10, 1000)),
            effect=ask("extension"),
        ),
        "approve_extension": Act({"handling"}, {"cases.supervise"}, guard=approves("extension"), effect=extend),
        "request_pause": Act(
            {"handling"},
            {"cases.handle"},
            guard=lambda case: nothing_pending(case) and not case.facts.get("paused") and not case.facts.get("urgent"),
            check=text("reason", 10, 1000),
            day=("until", 1, 60),
            effect=ask("pause"),
        ),
        "approve_pause": Act({"handling"}, {"cases.supervise"}, guard=approves("pause"), effect=pause),
        "reject_request": Act(
            {"handling"},
            {"cases.supervise"},
            guard=lambda case: not nothing_pending(case),
            check=text("reason", 5, 1000),
            effect=lambda case: settle(case, pending=None),
        ),
        "resume": Act(
            {"handling"},
            {"cases.handle", "cases.supervise"},
            guard=lambda case: bool(case.facts.get("paused")),
            effect=resume,
        ),
        "resume_due": Act({"handling"}, {"system"}, guard=lambda case: bool(case.facts.get("paused")), effect=resume),
        "reply": Act(
            {"handling"},
            {"cases.handle"},
            "replied",
            guard=lambda case: no_children(case) and nothing_pending(case),
            check=both(
                text("text", 20, 5000),
                lambda given: given.get("outcome") in {"solved", "partly", "explained", "not_possible"},
            ),
            effect=reply,
        ),
        "rate": Act(
            {"replied"},
            {"requester"},
            lambda case: "follow_up" if case.facts["score"] <= 2 else "closed",
            check=both(number("score", 1, 5), optional("text", 1000)),
            effect=rate,
        ),
        "close_unrated": Act({"replied"}, {"system"}, "closed"),
        "rework": Act({"follow_up"}, {"cases.supervise"}, "handling", check=text("reason", 5, 1000), effect=rework),
        "explain": Act({"follow_up"}, {"cases.supervise"}, "closed", check=text("text", 10, 2000), effect=explain),
        "merge": Act(
            INTAKE,
            {"cases.triage", "cases.handle"},
            "merged",
            guard=no_children,
            check=both(text("into", 1, 2000), text("reason", 5, 500)),
        ),
        "supplement": Act(INTAKE, {"requester"}, check=text("text", 2, 2000)),
        "withdraw": Act(INTAKE, {"requester"}, "withdrawn", guard=no_children, check=optional("reason", 500)),
    },
)

ASSIST = Table(
    first="assigned",
    final={"done", "declined", "recalled"},
    stages={"resolve": USUAL},
    begin=lambda case: case.start("resolve", case.facts["limit"]),
    acts={
        "accept": Act({"assigned"}, {"cases.handle"}, "handling"),
        "complete": Act(
            {"assigned", "handling"},
            {"cases.handle"},
            "done",
            check=text("text", 10, 3000),
            effect=lambda case: case.end("met", "resolve"),
        ),
        "decline": Act({"assigned"}, {"cases.handle"}, "declined", check=text("reason", 10, 1000)),
        "recall": Act({"assigned", "handling"}, {"parent_handler"}, "recalled", check=text("reason", 5, 500)),
        "note": Act({"*"}, {"cases.handle", "cases.supervise"}, check=text("text", 1, 2000)),
    },
)

# A process of nothing but clocks: every verb, short stages, an automatic step that does not end the case.
KETTLE_BODY = {
    "code": "kettle",
    "label": "烧水",
    "initial": "cold",
    "states": {"cold": {}, "hot": {}, "poured": {"final": True}},
    "clocks": {
        "boil": {"label": "烧开", "limit": "$facts.limit", "stages": [0.5, 1.0, 1.2], "then": "whistle"},
        "cool": {"label": "放凉", "limit": {"minutes": 90, "calendar": "working"}, "stages": [1.0, 3.0]},
    },
    "opening": [{"start": "boil"}],
    "actions": {
        "heat": {"label": "加热", "from": ["cold"], "who": ["cook"], "clocks": [{"start": "boil"}]},
        "stop": {"label": "关火", "from": ["cold", "hot"], "who": ["cook"], "clocks": [{"pause": "*"}]},
        "go_on": {"label": "开火", "from": ["cold", "hot"], "who": ["cook"], "clocks": [{"resume": "*"}]},
        "longer": {
            "label": "多烧",
            "from": ["cold", "hot"],
            "who": ["cook"],
            "fields": [
                {"code": "days", "label": "天数", "type": "integer", "required": True, "minimum": 1, "maximum": 3}
            ],
            "clocks": [{"extend": "boil", "days": "$input.days"}],
        },
        "whistle": {"label": "响", "from": ["cold"], "to": "hot", "who": ["system"], "clocks": [{"start": "cool"}]},
        "give_up": {"label": "不等了", "from": ["hot"], "to": "cold", "who": ["cook"], "clocks": [{"cancel": "cool"}]},
        "pour": {"label": "倒水", "from": ["hot"], "to": "poured", "who": ["cook"], "clocks": [{"meet": "cool"}]},
    },
}


def every(step: str, *args: Any) -> Callable[[ModelCase], None]:
    def run(case: ModelCase) -> None:
        for clock in case.clocks:
            getattr(clock, step)(case.now, *args)

    return run


KETTLE = Table(
    first="cold",
    final={"poured"},
    stages={"boil": (0.5, 1.0, 1.2), "cool": (1.0, 3.0)},
    then={"boil": "whistle"},
    begin=lambda case: case.start("boil", case.facts["limit"]),
    acts={
        "heat": Act({"cold"}, {"cook"}, effect=lambda case: case.start("boil", case.facts["limit"])),
        "stop": Act({"cold", "hot"}, {"cook"}, effect=every("pause")),
        "go_on": Act({"cold", "hot"}, {"cook"}, effect=every("resume")),
        "longer": Act(
            {"cold", "hot"},
            {"cook"},
            check=number("days", 1, 3),
            effect=lambda case: case.each("boil", lambda clock: clock.extend(int(case.given["days"]), case.now)),
        ),
        "whistle": Act(
            {"cold"}, {"system"}, "hot", effect=lambda case: case.start("cool", {"minutes": 90, "calendar": "working"})
        ),
        "give_up": Act({"hot"}, {"cook"}, "cold", effect=lambda case: case.end("cancelled", "cool")),
        "pour": Act({"hot"}, {"cook"}, "poured", effect=lambda case: case.end("met", "cool")),
    },
)

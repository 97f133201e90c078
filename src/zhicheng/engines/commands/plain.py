"""Commands as plain data and back: for people's files (`brief`), for the wire and for storage (`to_plain`)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zhicheng.engines.commands.values import (
    Act,
    Command,
    Condition,
    Measure,
    Near,
    Period,
    Place,
    Rank,
    Scalar,
    Test,
)

_CONDITION = re.compile(
    r"(?P<column>(?:[a-z_][a-z_0-9]*)?)\s*"
    r"(?P<test>not under|under|not in|in|between|like|is not null|is null|>=|<=|!=|=|<|>)\s*(?P<rest>.*)"
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def read_condition(text: str) -> Condition:
    """A condition as written: `height_m >= 100`, `use in [office, hotel]`, `closed_at is null`.

    Raises:
        ValueError: it is none.

    >>> read_condition("height_m >= 100").values, read_condition("elevator = false").values
    ((100,), (False,))
    """
    match = _CONDITION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a condition: {text}")
    test, rest = Test(match["test"]), match["rest"].strip()
    if test in (Test.NULL, Test.PRESENT):
        return Condition(match["column"], test)
    if test in (Test.IN, Test.NOT_IN):
        return Condition(
            match["column"], test, tuple(sorted((_scalar(v) for v in rest.strip("[]").split(",")), key=str))
        )
    if test is Test.BETWEEN:
        low, _, high = rest.partition(" and ")
        return Condition(match["column"], test, (_scalar(low), _scalar(high)))
    return Condition(match["column"], test, (_scalar(rest),))


def _scalar(text: str) -> Scalar:
    text = text.strip()
    if text in ("true", "false"):
        return text == "true"
    if _NUMBER.fullmatch(text) and not (len(text) > 1 and text[0] == "0" and "." not in text):
        value = Decimal(text)
        return (
            int(value) if value == value.to_integral_value() and len(text) < 12 else text if len(text) >= 12 else value
        )
    return text.strip("'\"")


def write_condition(condition: Condition) -> str:
    """A condition as `read_condition` reads it."""
    values = [write_scalar(value) for value in condition.values]
    name = f"{condition.column} " if condition.column else ""
    if condition.test in (Test.IN, Test.NOT_IN):
        return f"{name}{condition.test.value} [{', '.join(sorted(values))}]"
    if condition.test is Test.BETWEEN:
        return f"{name}between {values[0]} and {values[1]}"
    return f"{name}{condition.test.value} {values[0]}" if values else f"{name}{condition.test.value}"


def write_scalar(value: Scalar) -> str:
    """A value as text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value)


def read_measure(text: str) -> Measure:
    """`count`, `sum: residents`, `share: on_time = true`.

    Raises:
        ValueError: it is none.
    """
    kind, _, rest = text.partition(":")
    kind, rest = kind.strip(), rest.strip()
    if kind == "share":
        return Measure("share", of=tuple(sorted((read_condition(part) for part in rest.split(";")), key=repr)))
    if kind not in ("count", "sum", "avg", "max", "min", "distinct", "ratio", "value"):
        raise ValueError(f"not a measure: {text}")
    return Measure(kind, rest)


def write_measure(measure: Measure) -> str:
    """A measure as `read_measure` reads it."""
    if measure.kind == "share":
        return "share: " + "; ".join(sorted(map(write_condition, measure.of)))
    return f"{measure.kind}: {measure.column}" if measure.column else measure.kind


def brief(command: Command) -> dict[str, Any]:
    """A command in few words, as the pack's test set writes what it expects; what is empty is left out."""
    rank = command.rank
    ranked = f"{rank.limit} {rank.column}".strip() if rank else ""
    found: dict[str, Any] = {
        "find": command.table,
        "in": sorted(place.name for place in command.places),
        "out": sorted(place.name for place in command.outside),
        "near": sorted(map(_brief_near, command.near)),
        "where": sorted(map(write_condition, command.where)),
        "when": sorted(map(_brief_period, command.periods)),
        "get": write_measure(command.measure) if command.measure else "",
        "by": list(command.by),
        "top": ranked if rank and rank.descending else "",
        "bottom": ranked if rank and not rank.descending else "",
        "having": write_condition(command.having) if command.having else "",
        "against": command.against,
        "do": command.act.value if command.act is not Act.SHOW else "",
        "unit": command.unit,
        "task": command.task,
    }
    return {name: value for name, value in found.items() if value not in ("", [])}


def _brief_near(near: Near) -> str:
    target = near.place.name if near.place else near.table
    if near.where:
        target += f"({'; '.join(sorted(map(write_condition, near.where)))})"
    return f"{target} {'>' if near.beyond else '<='} {near.metres}"


def _brief_period(period: Period) -> str:
    return f"{period.column} {_brief_time(period.since)}..{_brief_time(period.until)}"


def _brief_time(at: datetime | None) -> str:
    if at is None:
        return ""
    return at.date().isoformat() if (at.hour, at.minute, at.second) == (0, 0, 0) else at.strftime("%Y-%m-%dT%H:%M")


def to_plain(command: Command) -> dict[str, Any]:
    """A command as JSON holds it; `from_plain` gives the same command back."""
    return {
        "table": command.table,
        "where": [write_condition(condition) for condition in command.where],
        "places": [_plain_place(place) for place in command.places],
        "outside": [_plain_place(place) for place in command.outside],
        "near": [
            {
                "metres": near.metres,
                "place": _plain_place(near.place) if near.place else None,
                "table": near.table,
                "where": [write_condition(condition) for condition in near.where],
                "beyond": near.beyond,
            }
            for near in command.near
        ],
        "periods": [
            {"column": p.column, "since": _moment(p.since), "until": _moment(p.until), "words": p.words}
            for p in command.periods
        ],
        "measure": write_measure(command.measure) if command.measure else "",
        "by": list(command.by),
        "rank": [command.rank.limit, command.rank.descending, command.rank.column] if command.rank else None,
        "having": write_condition(command.having) if command.having else "",
        "against": command.against,
        "act": command.act.value,
        "unit": command.unit,
        "task": command.task,
    }


def _plain_place(place: Place) -> dict[str, str]:
    return {"kind": place.kind, "name": place.name, "code": place.code}


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def from_plain(found: Mapping[str, Any]) -> Command:
    """The command that plain data hold. Whether its table and columns exist is for whoever runs it.

    Raises:
        ValueError: the data are no command.
    """
    try:
        return _from_plain(found)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"not a command: {error}") from error


def _from_plain(found: Mapping[str, Any]) -> Command:
    rank = found.get("rank")
    return Command(
        table=str(found["table"]),
        where=_conditions(found.get("where", ())),
        places=tuple(_place(place) for place in found.get("places", ())),
        outside=tuple(_place(place) for place in found.get("outside", ())),
        near=tuple(_near(near) for near in found.get("near", ())),
        periods=tuple(_period(period) for period in found.get("periods", ())),
        measure=read_measure(found["measure"]) if found.get("measure") else None,
        by=tuple(str(group) for group in found.get("by", ())),
        rank=Rank(int(rank[0]), bool(rank[1]), str(rank[2])) if rank else None,
        having=read_condition(found["having"]) if found.get("having") else None,
        against=str(found.get("against", "")),
        act=Act(found.get("act", "show")),
        unit=str(found.get("unit", "")),
        task=str(found.get("task", "")),
    )


def _conditions(found: Sequence[str]) -> tuple[Condition, ...]:
    return tuple(read_condition(text) for text in found)


def _place(found: Mapping[str, str]) -> Place:
    return Place(str(found["kind"]), str(found["name"]), str(found.get("code", "")))


def _near(found: Mapping[str, Any]) -> Near:
    place = found.get("place")
    return Near(
        int(found["metres"]),
        _place(place) if place else None,
        str(found.get("table", "")),
        _conditions(found.get("where", ())),
        bool(found.get("beyond")),
    )


def _period(found: Mapping[str, str]) -> Period:
    since, until = found.get("since"), found.get("until")
    return Period(
        str(found["column"]),
        datetime.fromisoformat(since) if since else None,
        datetime.fromisoformat(until) if until else None,
        str(found.get("words", "")),
    )

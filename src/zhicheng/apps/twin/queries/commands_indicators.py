"""Running a command that asks an indicator by name: the stored values, missing ones with their reason."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from zhicheng.apps.twin.errors.commands import CommandRefused, CommandUnusable
from zhicheng.apps.twin.policy.commands_steps import Steps, steps_of
from zhicheng.apps.twin.queries.commands_features import area_features
from zhicheng.apps.twin.queries.commands_places import own_places
from zhicheng.apps.twin.queries.commands_vocabulary import current_words
from zhicheng.apps.twin.registry import IndicatorSource, indicator_sources
from zhicheng.apps.twin.values.commands import Answer, AnswerColumn, Order
from zhicheng.apps.twin.values.indicators import IndicatorValue
from zhicheng.core.parties.values import ActorKind
from zhicheng.engines.commands.indicators import KnownIndicator, is_course
from zhicheng.engines.commands.values import Command, Condition, Place, Test
from zhicheng.engines.commands.wording import Wording

_LEVELS = ("district", "street", "community")
_HELD = {
    Test.EQ: lambda one, other: one == other,
    Test.GT: lambda one, other: one > other,
    Test.GE: lambda one, other: one >= other,
    Test.LT: lambda one, other: one < other,
    Test.LE: lambda one, other: one <= other,
}


def run_indicator(order: Order) -> Answer:
    """The values of the indicator that a command names.

    Raises:
        CommandRefused: the asker may not see indicators.
        CommandUnusable: there is no such indicator, or it has no values like these.
    """
    command = order.command
    code = command.measure.column if command.measure else ""
    source, known = _keeper(code)
    if order.actor.kind is not ActorKind.SYSTEM and source.permission not in order.actor.permissions:
        raise CommandRefused(what=f"查看指标“{known.label}”")
    steps = steps_of(command, source.steps(code), order.now)
    if steps is None:
        raise CommandUnusable(why=f"“{known.label}”没有这样一段时间的值，请说某个月、某一天，或按月、按日看。")
    places = _places(order)
    level = next((group for group in command.by if group in _LEVELS), "")
    if not level and len(places) > 1:
        level = places[0].kind
    answer = _across(order, source, level, places, steps) if level else _in_one(order, source, places, steps)
    return replace(answer, source=source.source)


def _keeper(code: str) -> tuple[IndicatorSource, KnownIndicator]:
    known = current_words().indicators.codes.get(code)
    for source in indicator_sources:
        if known is not None and any(each.code == code for each in source.known()):
            return source, known
    raise CommandUnusable(why="没有这个指标，请到指标目录查找。")


def _places(order: Order) -> tuple[Place, ...]:
    found = [place for place in order.command.places if place.kind in _LEVELS]
    if any(place.kind == "own" for place in order.command.places):
        found += own_places(order.actor)
    if len({place.kind for place in found}) > 1:
        raise CommandUnusable(why="一次只能问同一级的几个地方。")
    return tuple(found)


def _across(order: Order, source: IndicatorSource, level: str, places: Sequence[Place], steps: Steps) -> Answer:
    """One period, area by area; those without a value come last, with the reason."""
    command, code = order.command, _code(order.command)
    if not steps.is_one:
        raise CommandUnusable(why="各区的值只能看某一天或某个月的；一段时间的值请按日、按月看一个地方的。")
    if places and places[0].kind == level:
        wanted = {place.code for place in places}
        found = [each for each in source.across(code, level, "", steps.first) if each.code in wanted]
    else:
        areas = [place.code for place in places] or [""]
        found = [each for area in areas for each in source.across(code, level, area, steps.first)]
    found = [each for each in found if command.having is None or _holds(command.having, each.value)]
    found = _ranked(command, found)
    features, box = area_features(level, {each.code: each.value for each in found if each.value is not None})
    head = current_words().wording.group(command.table, level)
    answer = _table(order, head, found)
    return replace(answer, keys=tuple(each.code for each in found), features=features, box=box)


def _holds(having: Condition, value: float | None) -> bool:
    if value is None:
        return False
    bounds = [float(bound) for bound in having.values if isinstance(bound, (int, Decimal))]
    if having.test is Test.BETWEEN and len(bounds) == 2:
        return bounds[0] <= value <= bounds[1]
    if having.test not in _HELD or len(bounds) != 1:
        raise CommandUnusable(why="对指标的值只能比大小。")
    return bool(_HELD[having.test](value, bounds[0]))


def _ranked(command: Command, found: Sequence[IndicatorValue]) -> list[IndicatorValue]:
    rank = command.rank
    known = [each for each in found if each.value is not None]
    missing = [each for each in found if each.value is None]
    if rank is None:
        return [*known, *missing]
    known.sort(key=lambda each: each.value or 0.0, reverse=rank.descending)
    return known[: rank.limit] if rank.limit else [*known, *missing]


def _in_one(order: Order, source: IndicatorSource, places: Sequence[Place], steps: Steps) -> Answer:
    """One area: its course, or one value."""
    code, area = _code(order.command), places[0].code if places else ""
    if is_course(order.command) or not steps.is_one:
        return _table(order, "时间", _ranked_course(order, source.course(code, area, steps.first, steps.last)))
    if not steps.first:
        found = source.newest(code, area)
    else:
        found = next(iter(source.course(code, area, steps.first, steps.first)), IndicatorValue(steps.first, None))
    if found.value is None:
        return _table(order, "时间", [found])
    column = _value_column(order, f"（{found.place}）")
    return Answer(order.understood, (column,), ((found.value,),), value=found.value, total=1)


def _ranked_course(order: Order, found: Sequence[IndicatorValue]) -> Sequence[IndicatorValue]:
    return _ranked(order.command, found) if order.command.rank else found


def _table(order: Order, head: str, found: Sequence[IndicatorValue]) -> Answer:
    columns = (AnswerColumn("place", head), _value_column(order), AnswerColumn("reason", "说明"))
    rows = tuple((each.place, "" if each.value is None else each.value, _why(each)) for each in found)
    return Answer(order.understood, columns, rows[: order.limit], total=len(rows), limited=len(rows) > order.limit)


def _why(each: IndicatorValue) -> str:
    return f"缺数据：{each.reason or '没有这一期的值'}" if each.value is None else ""


def _value_column(order: Order, more: str = "") -> AnswerColumn:
    words = current_words()
    known, wording = words.indicators.codes[_code(order.command)], words.wording
    return AnswerColumn("value", _label(wording, order.command) + more, known.unit, number=True)


def _label(wording: Wording, command: Command) -> str:
    return wording.measure(command.table, command.measure) if command.measure else ""


def _code(command: Command) -> str:
    return command.measure.column if command.measure else ""

"""A command said back: one sentence, and chips that can be taken away one by one. Nothing is left out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from zhicheng.engines.commands.indicators import PERIOD, TABLE, Indicators
from zhicheng.engines.commands.indicators import WORDS as INDICATORS
from zhicheng.engines.commands.plain import write_scalar
from zhicheng.engines.commands.recurring import HOUR, WEEKDAY
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
    from_now,
)
from zhicheng.engines.commands.vocabulary import Vocabulary, WordTable

_TESTS = {
    Test.EQ: "为",
    Test.NE: "不为",
    Test.LT: "低于",
    Test.LE: "不超过",
    Test.GT: "超过",
    Test.GE: "不低于",
    Test.IN: "为",
    Test.NOT_IN: "不为",
    Test.UNDER: "属于",
    Test.NOT_UNDER: "不属于",
    Test.LIKE: "含有",
}
_EARLIER = {Test.LT: "早于", Test.LE: "不晚于", Test.GT: "晚于", Test.GE: "不早于"}
_LEVELS = {"district": "区", "street": "街道", "community": "社区", "grid": "网格"}
_BUCKETS = {"hour": "小时", "day": "日", "week": "周", "month": "月", "quarter": "季度", "year": "年"}
_ACTS = {
    Act.OPEN: "打开",
    Act.FLY: "地图移到",
    Act.SUBSCRIBE: "结果变化时通知我",
    Act.CASE: "建工单",
    Act.TASK: "派任务",
    Act.EXPORT: "导出",
}
_AGAINST = {"last_year": "与去年同期比", "last_period": "与上期比"}


@dataclass(frozen=True)
class Chip:
    """One part of a command: `part` names the field, `index` its place there; `removable` where the rest still asks."""

    part: str
    index: int
    text: str
    removable: bool = True


class Wording:
    """Words for commands over one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, indicators: Indicators | None = None) -> None:
        self._indicators = indicators or Indicators()
        self._tables = {TABLE: INDICATORS, **{table.code: table for table in vocabulary.tables}}
        self._units = {unit.code: (unit.aliases or (unit.name,))[0] for unit in vocabulary.units}

    def sentence(self, command: Command) -> str:
        """The command in one sentence."""
        if not command.table:
            place = command.places[0].name if command.places else ""
            return f"{_ACTS.get(command.act, '显示')}{place}"
        subject = self._subject(command)
        what = self._ready(command) if command.table == TABLE else self._asked(command, subject)
        tail = [_AGAINST[command.against]] if command.against else []
        if command.act is Act.TASK:
            tail.append(f"派给{self._units.get(command.unit, command.unit)}{command.task}")
        elif command.act is not Act.SHOW:
            tail.append(_ACTS[command.act])
        return "，".join([what, *tail])

    def chips(self, command: Command) -> list[Chip]:
        """The parts of a command, in the order of its sentence."""
        if not command.table:
            return [Chip("places", 0, command.places[0].name, removable=False)] if command.places else []
        chips = [Chip("table", 0, self._table(command).label, removable=False)]
        chips += [Chip("places", i, _place(place)) for i, place in enumerate(command.places)]
        chips += [Chip("outside", i, f"不在{place.name}") for i, place in enumerate(command.outside)]
        chips += [Chip("near", i, self._near(near)) for i, near in enumerate(command.near)]
        chips += [Chip("periods", i, self._period(command, p)) for i, p in enumerate(command.periods)]
        chips += [Chip("where", i, self.condition(command.table, c)) for i, c in enumerate(command.where)]
        chips += self._result_chips(command)
        return chips

    def _result_chips(self, command: Command) -> Iterator[Chip]:
        if command.measure:
            text = f"求{self.measure(command.table, command.measure)}"
            yield Chip("measure", 0, text, removable=not (command.by or command.rank or command.table == TABLE))
        for index, group in enumerate(command.by):
            yield Chip("by", index, f"按{self.group(command.table, group)}分")
        if command.having:
            yield Chip("having", 0, f"{self._having(command)}的")
        if command.rank:
            yield Chip("rank", 0, self._rank(command, command.rank))
        if command.against:
            yield Chip("against", 0, _AGAINST[command.against])
        if command.act is not Act.SHOW:
            unit = self._units.get(command.unit, command.unit)
            yield Chip("act", 0, f"{_ACTS[command.act]}{'：' + unit if unit else ''}{command.task}")

    def condition(self, table: str, condition: Condition) -> str:
        """One condition in words."""
        if recurring := _recurring(condition):
            return recurring
        column = self._tables[table].column(condition.column)
        label = column.label if column else condition.column
        unit = column.unit if column and column.unit != "年" else ""
        timely = column is not None and (column.year or column.type in ("timestamp", "date"))
        if condition.test is Test.NULL:
            return f"没有{label}"
        if condition.test is Test.PRESENT:
            return f"已有{label}"
        values = [self._value(table, condition.column, value) for value in condition.values]
        if isinstance(condition.values[0], bool):
            truth = (condition.values[0] is True) == (condition.test is Test.EQ)
            said = label if label[:1] in "有被已未" else f"有{label}"
            return said if truth else f"没有{said.removeprefix('有')}"
        if condition.test is Test.BETWEEN:
            return f"{label}在{values[0]}到{values[1]}{unit}之间"
        words = _EARLIER.get(condition.test, _TESTS[condition.test]) if timely else _TESTS[condition.test]
        return f"{label}{words}{'或'.join(values)}{unit}"

    def measure(self, table: str, measure: Measure) -> str:
        """What is counted, in words."""
        if measure.label:
            return measure.label
        if measure.kind == "value":
            known = self._indicators.codes.get(measure.column)
            return known.label if known else measure.column
        column = self._tables[table].column(measure.column)
        label = column.label if column else measure.column
        if measure.kind == "share":
            return f"{'、'.join(self.condition(table, condition) for condition in measure.of)}的占比"
        if measure.kind == "ratio":
            one, _, other = measure.column.partition("/")
            return f"{self.group(table, one)}占{self.group(table, other)}的比例"
        names = {"count": "数量", "distinct": f"不同的{label}数"}
        heads = {"sum": f"{label}合计", "avg": f"平均{label}", "max": f"最大{label}", "min": f"最小{label}"}
        return {**names, **heads}[measure.kind]

    def group(self, table: str, group: str) -> str:
        """What rows are grouped by, in words."""
        if group == PERIOD:
            return "时间"
        if group in _LEVELS or group in _BUCKETS:
            return _LEVELS.get(group) or _BUCKETS[group]
        column = self._tables[table].column(group)
        return column.label if column else group

    def _table(self, command: Command) -> WordTable:
        return self._tables[command.table]

    def _subject(self, command: Command) -> str:
        where = [_place(place) for place in command.places]
        parts = ["或".join(where)] if where else []
        parts += [f"不在{place.name}" for place in command.outside]
        parts += [self._near(near) for near in command.near]
        parts += [self._period(command, period) for period in command.periods]
        parts += [self.condition(command.table, condition) for condition in command.where]
        label = self._table(command).label
        return f"{'、'.join(parts)}的{label}" if parts else f"全部{label}"

    def _ready(self, command: Command) -> str:
        """An indicator: where and when, then how it is told."""
        said = "、".join([*map(_place, command.places), *(_days(period) for period in command.periods)])
        label = f"{said or '全市最新'}的指标“{self.measure(command.table, command.measure or Measure('value'))}”"
        groups = "、".join(self.group(command.table, group) for group in command.by)
        having = f"只要{self._having(command)}的" if command.having else ""
        rank = self._rank(command, command.rank).replace("多", "高").replace("少", "低")
        return "，".join(part for part in (label, f"按{groups}看" if groups else "", having, rank) if part)

    def _asked(self, command: Command, subject: str) -> str:
        if command.measure is None and not command.by:
            return f"{subject}，{self._rank(command, command.rank)}" if command.rank else subject
        groups = "、".join(self.group(command.table, group) for group in command.by)
        what = self.measure(command.table, command.measure) if command.measure else "数量"
        said = f"{subject}，按{groups}统计{what}" if groups else f"{subject}，求{what}"
        if command.having:
            said += f"，只要{self._having(command)}的"
        return f"{said}，{self._rank(command, command.rank)}" if command.rank else said

    def _having(self, command: Command) -> str:
        condition = command.having or Condition("", Test.GT, (0,))
        if condition.test is Test.EQ and condition.values == (0,):
            return f"没有{self._table(command).label}"
        measure = command.measure
        label = "数量" if measure is None or measure.kind == "count" else self.measure(command.table, measure)
        shared = measure is not None and measure.kind in ("share", "ratio")
        values = [f"{float(Decimal(str(v)) * 100):g}%" if shared else str(v) for v in condition.values]
        if condition.test is Test.BETWEEN:
            return f"{label}在{values[0]}到{values[1]}之间"
        return f"{label}{_TESTS[condition.test]}{values[0]}"

    def _rank(self, command: Command, rank: Rank | None) -> str:
        if rank is None:
            return ""
        order = "从多到少" if rank.descending else "从少到多"
        if rank.column == "distance":
            return f"取最近的{rank.limit}个"
        column = self._table(command).column(rank.column) if rank.column else None
        if column is None:
            return f"取{'最多' if rank.descending else '最少'}的{rank.limit}个" if rank.limit else order + "排"
        if not rank.limit:
            return f"按{column.label}{'从大到小' if rank.descending else '从小到大'}排"
        return f"取{column.label}{'最大' if rank.descending else '最小'}的{rank.limit}个"

    def _near(self, near: Near) -> str:
        if near.place is not None:
            target = near.place.name
        else:
            table = self._tables[near.table]
            said = [self._value(near.table, c.column, v) for c in near.where for v in c.values]
            target = f"最近的{'、'.join(said) or table.label}"
        if not near.metres:
            return f"离{target}"
        return f"离{target}{'超过' if near.beyond else '不超过'}{_metres(near.metres)}"

    def _period(self, command: Command, period: Period) -> str:
        column = self._table(command).column(period.column)
        verbs = self._table(command).times.get(period.column, ())
        verb = verbs[0] if verbs else (column.label if column else "")
        return f"{_days(period)}{verb}"

    def _value(self, table: str, column: str, value: Scalar) -> str:
        found = self._tables[table].column(column)
        if found and str(value) in found.codes:
            return found.codes[str(value)]
        if column == "unit":
            return self._units.get(str(value), str(value))
        distance = from_now(value)
        return write_scalar(value) if distance is None else _moment(distance)


def _recurring(condition: Condition) -> str:
    """Days of the week and hours of the day; a run of hours is told by its ends."""
    values = [value for value in condition.values if isinstance(value, int)]
    if condition.column.endswith(WEEKDAY):
        named = "、".join(f"周{'一二三四五六日'[value - 1]}" for value in sorted(values) if 1 <= value <= 7)
        return f"不在{named}" if condition.test is Test.NOT_IN else named
    if not condition.column.endswith(HOUR) or not values:
        return ""
    first = next((v for v in sorted(values) if (v - 1) % 24 not in values), values[0])
    last = next((v for v in sorted(values) if (v + 1) % 24 not in values), values[-1])
    return (
        f"{'不在' if condition.test is Test.NOT_IN else ''}每天{first}时至{'次日' if last < first else ''}{last + 1}时"
    )


def _place(place: Place) -> str:
    return place.name


def _metres(metres: int) -> str:
    return f"{metres / 1000:g}公里" if metres >= 1000 else f"{metres}米"


def _days(period: Period) -> str:
    since, until = period.since, period.until
    first = _day(since) if since else ""
    last = _day(until, before=True) if until else ""
    if first and last:
        return first if first == last else f"{first}至{last}"
    return f"{first}以来" if first else f"{last}及以前"


def _day(at: datetime, *, before: bool = False) -> str:
    """A day, or a day with its hour; the end of a period is named by its last day."""
    if (at.hour, at.minute) != (0, 0):
        return f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute:02d}分"
    day = at - timedelta(days=1) if before else at
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(distance: timedelta) -> str:
    if not distance:
        return "现在"
    seconds = abs(int(distance.total_seconds()))
    words = f"{seconds // 86400}天" if seconds % 86400 == 0 else f"{seconds / 3600:g}小时"
    return f"{words}{'前' if distance < timedelta() else '后'}"


def without(command: Command, part: str, index: int) -> Command:
    """The command without one of its parts.

    Raises:
        ValueError: there is no such part, or it cannot be left out.
    """
    if part in ("places", "outside", "near", "periods", "where", "by"):
        held = list(getattr(command, part))
        if not 0 <= index < len(held):
            raise ValueError(part)
        del held[index]
        changed: dict[str, Any] = {part: tuple(held)}
        return _sound(replace(command, **changed))
    empty: dict[str, Any] = {"measure": None, "having": None, "rank": None, "against": "", "act": Act.SHOW}
    if part not in empty:
        raise ValueError(part)
    return _sound(replace(command, **{part: empty[part]}))


def _sound(command: Command) -> Command:
    """Without groups no rank of groups, without the place no rank by nearness, without the act no unit."""
    rank = command.rank
    if rank and not rank.column and not command.by:
        command = replace(command, rank=None, having=None)
    if rank and rank.column == "distance" and not any(near.place for near in command.near):
        command = replace(command, rank=None)
    return replace(command, unit="", task="") if command.act is Act.SHOW else command

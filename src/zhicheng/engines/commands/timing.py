"""上周受理的, 3天内到期, 2000年以前建的, 楼龄超过30年: times in the columns that hold them."""

from zhicheng.engines.commands.draft import Draft
from zhicheng.engines.commands.times import TimeSpan
from zhicheng.engines.commands.values import Condition, Period, Test
from zhicheng.engines.commands.vocabulary import WordColumn


def read_times(draft: Draft) -> None:
    """Every time: in the column its verb names, else in the usual one of the table, else in a calendar year."""
    for at in draft.indices():
        span = draft.time(at)
        if span is None:
            continue
        year = _year_column(draft)
        if draft.table.times and not (year and _said(draft, at, year)):
            _period(draft, at, span)
        elif year:
            _in_year(draft, at, span, year)


def _period(draft: Draft, at: int, span: TimeSpan) -> None:
    verb = _verb(draft, at)
    column = verb[1] if verb else draft.table.usual_time
    if not column:
        return
    used = [at, verb[0]] if verb else [at]
    since, until = span.since, span.until
    if column in draft.table.forward and span.ahead is not None:
        since, until = draft.now, span.ahead
    draft.periods.append(Period(column, since, until, span.words))
    if draft.role(at - 1, "by", "to"):
        used.append(at - 1)
    if draft.role(at + 1, "within") or (span.since and span.until and draft.role(at + 1, "between")):
        used.append(at + 1)
    draft.take(*used)


def read_hours(draft: Draft) -> None:
    """夜间, 周末: of the time that the periods are about, or that a verb names, or the usual one."""
    for at in draft.indices():
        found = draft.tokens[at].of("recurring")
        if found is None or not draft.table.times:
            continue
        verb = None if draft.periods else _verb(draft, at)
        column = draft.periods[0].column if draft.periods else verb[1] if verb else draft.table.usual_time
        if not column:
            continue
        denied = draft.role(at - 1, "no", "except")
        behind = [at + 1] if draft.role(at - 1, "except") and draft.role(at + 1, "outside") else []
        test = Test.NOT_IN if denied else Test.IN
        draft.where.append(Condition(column + found.value.part, test, tuple(sorted(found.value.values, key=str))))
        draft.take(at, *behind, *([at - 1] if denied else []), *([verb[0]] if verb else []))


def _verb(draft: Draft, at: int) -> tuple[int, str] | None:
    """The nearest verb that names a time column: right behind the time, else right before, else anywhere."""
    verbs = [(i, found.name) for i in draft.indices() if (found := draft.mine(i, "verb"))]
    behind = sorted(abs(i - at) * 2 - (i > at) for i, _ in verbs)
    if not verbs:
        return None
    return min(verbs, key=lambda verb: abs(verb[0] - at) * 2 - (verb[0] > at)) if behind[0] <= 8 else verbs[0]


def _year_column(draft: Draft) -> WordColumn | None:
    return next((column for column in draft.table.columns if column.year), None)


def _said(draft: Draft, at: int, column: WordColumn) -> bool:
    return any((found := draft.column_at(i)) and found.code == column.code for i in (at - 1, at + 1))


def _in_year(draft: Draft, at: int, span: TimeSpan, column: WordColumn) -> None:
    if span.grain not in ("year", "decade", "window", "sofar"):
        return
    first = span.since.year if span.since else None
    last = span.until.year - 1 if span.until and span.until.month == 1 else None
    if span.until and last is None:
        return
    used = [at]
    for i in (at - 1, at + 1):
        if (found := draft.column_at(i)) and found.code == column.code:
            used.append(i)
    if draft.role(at + 1, "within", "or_less", "or_more"):
        return
    draft.where.append(_years(column.code, first, last))
    draft.take(*used)


def _years(column: str, first: int | None, last: int | None) -> Condition:
    if first is not None and last is not None:
        return Condition(column, Test.EQ, (first,)) if first == last else Condition(column, Test.BETWEEN, (first, last))
    if first is not None:
        return Condition(column, Test.GE, (first,))
    return Condition(column, Test.LT, ((last or 0) + 1,))

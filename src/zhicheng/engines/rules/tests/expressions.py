"""Random rules over a small entity, as text: what the property tests feed to both paths."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from zhicheng.engines.rules.values import (
    Column,
    DatedValue,
    Entity,
    LegalSource,
    Parameter,
    RuleText,
    TableRow,
    TableText,
)

START = date(2000, 1, 1)
TODAY = date(2026, 2, 28)
LAW = LegalSource("演示办法", "第三条")
COLUMNS = (
    Column("born", "出生日期", "date"),
    Column("moved", "迁入日期", "date"),
    Column("income", "月收入", "integer", "分"),
    Column("children", "孩子数", "integer", least=0, most=4),
    Column("months", "月数", "integer", least=-1500, most=1_500_000),
    Column("rate", "比例", "decimal", "%"),
    Column("employed", "已就业", "boolean"),
    Column("married", "已婚", "boolean"),
    Column("city", "户籍", "text", codes={"440300": "深圳", "440100": "广州"}),
    Column("note", "备注", "text"),
)
PERSON = Entity("person", "个人", "person_key", {column.code: column for column in COLUMNS})


def parameter(code: str, kind: str, *values: tuple[date, object]) -> Parameter:
    return Parameter(code, code, kind, "", tuple(DatedValue(day, value, LAW) for day, value in values))


PARAMETERS = (
    parameter("age", "integer", (START, 60), (date(2025, 1, 1), 63)),
    parameter("share", "decimal", (START, Decimal("0.1375"))),
    parameter("cut_off", "date", (START, date(1990, 2, 28))),
    parameter("future", "integer", (date(2030, 1, 1), 5)),
    parameter("maybe_zero", "integer", (START, 3), (date(2020, 1, 1), 0)),
)


def rule(code: str, kind: str, expression: str = "", *, table: TableText | None = None, decimals: int = 6) -> RuleText:
    return RuleText(code, code, "person", kind, START, LAW, expression, table, decimals=decimals)


_Texts = st.SearchStrategy[str]
_names = st.sampled_from(
    ["income", "children", "months", "rate", "r.number", "r.table", "param.age", "param.share", "param.future"]
)
_number_leaves = _names | st.sampled_from(["0", "1", "2.5", "0.3333", "-7", "100000", "years_between(born, as_of)"])
_date_leaves = st.sampled_from(["born", "moved", "as_of", "param.cut_off", "DATE '1996-02-29'"])
_boolean_leaves = st.sampled_from(["employed", "married", "TRUE", "r.yes", "city = '440300'", "note <> 'a'"])


def _join(form: str, *parts: _Texts) -> _Texts:
    return st.tuples(*parts).map(lambda found: form.format(*found))


def _dates(children: _Texts) -> _Texts:
    return st.one_of(
        _join("({} + INTERVAL {} MONTH)", children, st.integers(0, 40).map(str)),
        _join("({} - INTERVAL {} DAY)", children, st.integers(0, 900).map(str)),
        _join("COALESCE({}, {})", children, children),
        _join("GREATEST({}, {})", children, children),
    )


DATES = st.recursive(_date_leaves, _dates, max_leaves=3)


def _numbers(children: _Texts) -> _Texts:
    return st.one_of(
        _join("({} {} {})", children, st.sampled_from("+-*/"), children),
        _join("{}({}, {})", st.sampled_from(["LEAST", "GREATEST", "COALESCE"]), children, children),
        _join("{}({})", st.sampled_from(["ABS", "FLOOR", "CEIL", "ROUND", "-"]), children),
        _join("ROUND({}, {})", children, st.sampled_from("0123")),
        _join("CASE WHEN {} {} {} THEN {} ELSE {} END", children, _SIGNS, children, children, children),
        _join("CASE WHEN {} <> 0 THEN {} / {} END", children, children, children),
        _join("{}({}, {})", _ELAPSED, DATES, DATES),
    )


_SIGNS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
_ELAPSED = st.sampled_from(["years_between", "months_between", "days_between"])
NUMBERS = st.recursive(_number_leaves, _numbers, max_leaves=6)


def _booleans(children: _Texts) -> _Texts:
    return st.one_of(
        _join("({} {} {})", children, st.sampled_from(["AND", "OR"]), children),
        _join("({} AND {} AND {})", children, children, children),
        _join("NOT {}", children),
        _join("({} IS NULL)", children),
        _join("COALESCE({}, {})", children, children),
        _join("({} = {})", children, children),
        _join("CASE WHEN {} THEN {} ELSE {} END", children, children, children),
    )


_tests = st.one_of(
    _boolean_leaves,
    _join("({} {} {})", NUMBERS, _SIGNS, NUMBERS),
    _join("({} {} {})", DATES, _SIGNS, DATES),
    _join("({} BETWEEN {} AND {})", NUMBERS, NUMBERS, NUMBERS),
    _join("({} IN ({}, 3, {}))", NUMBERS, NUMBERS, _number_leaves),
    st.sampled_from(["city IN ('440300')", "note NOT IN ('a', 'b')", "born IS NOT NULL", "note IS NULL"]),
)
BOOLEANS = st.recursive(_tests, _booleans, max_leaves=5)

_CELLS: tuple[Callable[[], _Texts], ...] = (
    lambda: st.sampled_from(
        ["", "-", ">=60", "[60,80)", "(18,35]", "<18", "3", "1;2;3", "18..59", "<param.age", "<>5"]
    ),
    lambda: st.sampled_from(["", "是", "否"]),
    lambda: st.sampled_from(["", "440300", "440100;440300", "<>440300"]),
)


@st.composite
def tables(draw: st.DrawFn, policies: tuple[str, ...]) -> TableText:
    results = st.one_of(st.integers(0, 900).map(str), st.just("income / children"), st.just("children"))
    rows = draw(st.lists(st.tuples(*(cell() for cell in _CELLS), results), min_size=1, max_size=5))
    lines = tuple(TableRow(index + 2, tuple(row[:3]), row[3]) for index, row in enumerate(rows))
    inputs = ("years_between(born, as_of)", "employed", "city")
    policy = draw(st.sampled_from(policies))
    return TableText(policy, inputs, lines, draw(st.sampled_from(["", "0", "income"])))


_ints = st.one_of(st.integers(-3, 120), st.integers(-(10**15), 10**15), st.sampled_from([10**15 + 1, -(10**18), 0]))
_days = st.one_of(
    st.dates(date(1930, 1, 1), date(2026, 12, 31)),
    st.sampled_from([date(1996, 2, 29), date(1996, 2, 28), date(1995, 2, 28), date(1, 1, 1), date(9999, 12, 31)]),
)
_decimals = st.one_of(
    st.decimals(-1000, 1000, places=4), st.sampled_from([Decimal(10**9), Decimal(10**9) + 1, Decimal("-0.0001")])
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "born": st.none() | _days,
            "moved": st.none() | _days,
            "income": st.none() | _ints,
            "children": st.none() | st.integers(0, 4) | st.just(5),
            "months": st.none() | st.integers(-1500, 1_500_000) | st.just(-1501),
            "rate": st.none() | _decimals,
            "employed": st.none() | st.booleans(),
            "married": st.none() | st.booleans(),
            "city": st.none() | st.sampled_from(["440300", "440100"]),
            "note": st.none() | st.sampled_from(["a", "b", "", "它's"]),
        }
    ),
    min_size=1,
    max_size=8,
)

KNOWN_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "born": st.dates(date(1900, 1, 1), date(2026, 12, 31)) | st.just(date(1996, 2, 29)),
            "moved": st.dates(date(1990, 1, 1), date(2030, 12, 31)) | st.just(date(2024, 2, 29)),
            "income": st.integers(-3, 120) | st.integers(-(10**15), 10**15),
            "children": st.integers(0, 4),
            "months": st.integers(-1500, 1_500_000),
            "rate": st.decimals(-1000, 1000, places=4),
            "employed": st.booleans(),
            "married": st.booleans(),
            "city": st.sampled_from(["440300", "440100"]),
            "note": st.sampled_from(["a", "b", "", "它's"]),
        }
    ),
    min_size=1,
    max_size=8,
)

"""One DuckDB query for any set of rules over the table of an entity; parts that rules share are computed once.

Parts become columns on levels: a column may use those of lower levels. Rules are columns like any other part.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from zhicheng.engines.rules import nodes
from zhicheng.engines.rules.book import Rulebook, references
from zhicheng.engines.rules.failing import FailingWriter
from zhicheng.engines.rules.knowing import Knowing
from zhicheng.engines.rules.nodes import FIRST_DATE, LAST_DATE, Kind, Node
from zhicheng.engines.rules.scope import fact_type, result_type
from zhicheng.engines.rules.values import RuleText, Seen
from zhicheng.engines.rules.widths import Places, literal, sql_type, stored_type

FAILED = "failed"
_LONG = 4000  # characters of a condition, after which it becomes a column
_NAME = re.compile(r'"([a-z]+_\d+)"')
_LEAVES = (nodes.Const, nodes.AsOf, nodes.Param)
_REPEATS = (nodes.Rounded, nodes.Quotient, nodes.Extreme, nodes.Table, nodes.Choice, nodes.FirstKnown)


@dataclass(frozen=True)
class BulkQuery:
    """A query that gives the key, one column a rule (named by its id) and `failed`.

    A rule's column is BOOLEAN, INTEGER (where the rule cannot give more) or BIGINT, DECIMAL(18, places), VARCHAR or
    DATE; NULL where unknown or failed.
    `failed` (VARCHAR[]) lists the rules that could not be evaluated for the row, NULL where all could.
    `facts` are the columns of the relation that it reads.
    """

    sql: str
    key: str
    rules: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class BulkOptions:
    """What is known of the relation, and what else the query shall give.

    `seen` says what columns hold, as the table's own account has it: those that keep to their declared ranges are not
    checked again, and where nothing is NULL nothing is asked for it. A column that is not there is checked on each row.
    `carry` are columns of the relation that come through unchanged; `prefix` stands before the names of the results.
    """

    seen: Mapping[str, Seen] = field(default_factory=dict)
    carry: tuple[str, ...] = ()
    prefix: str = ""


def compile_bulk(
    book: Rulebook, rules: Sequence[str], relation: str, *, day: date, options: BulkOptions | None = None
) -> BulkQuery:
    """One query for rules of one entity over a relation (SQL text: a table name, `read_parquet(…)`).

    Raises:
        ValueError: no rules, or rules of more than one entity.
        KeyError: the book has no such rule.
    """
    entities = {book.latest(rule).text.entity for rule in rules}
    if len(entities) != 1:
        raise ValueError("the rules of one query are about one entity")
    plan = _Plan(book, entities.pop(), day, options or BulkOptions())
    for rule in closure(book, rules):
        plan.add_rule(rule)
    return plan.finish(tuple(rules), relation)


def closure(book: Rulebook, rules: Iterable[str]) -> list[str]:
    """The rules and all they refer to, in the order in which they depend."""
    wanted: set[str] = set()
    todo = list(rules)
    while todo:
        rule = todo.pop()
        if rule not in wanted:
            wanted.add(rule)
            todo += [name for version in book.rules[rule] for name in references(version.node)]
    return [rule for rule in book.order if rule in wanted]


class _Plan:
    def __init__(self, book: Rulebook, entity: str, day: date, options: BulkOptions) -> None:
        self._book, self._day, self._options = book, day, options
        self._entity = book.entities[entity]
        self._known = Knowing(book, day, self._is_known_fact, self._is_known_rule)
        self._writer = FailingWriter(book, day, Places(self._name_of, self._known, self._flags_of, self._alarm))
        self._levels: list[list[str]] = [[]]
        self._level_of: dict[str, int] = {}
        self._names: dict[Node, str] = {}
        self._facts: dict[str, tuple[str, str | None]] = {}
        self._rules: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._alarms: dict[str, str] = {}
        self._nodes: dict[str, Node] = {}
        self._uses: Counter[Node] = Counter()
        self._seen: set[Node] = set()

    def add_rule(self, rule: str) -> None:
        """Note a rule and count how often its parts are used; columns are made by `finish`."""
        version = self._book.at(rule, self._day)
        if version is None:
            self._nodes[rule] = nodes.Const(result_type(self._book.latest(rule).text), None)
            return
        self._nodes[rule] = version.node
        self._uses[version.node] += 1
        self._count(version.node)

    def finish(self, rules: tuple[str, ...], relation: str) -> BulkQuery:
        """Place every part and write the query."""
        for rule, node in self._nodes.items():
            self._rules[rule] = self._place_rule(self._book.latest(rule).text, node)
        flags = {rule: " OR ".join(self._rules[rule][1]) for rule in rules}
        anything = " OR ".join(self._alarms.values())
        anything = self._column("x", anything) if " OR " in anything else anything
        source = self._source(relation)
        for columns in self._levels[1:]:
            if columns:
                source = f"(SELECT *, {', '.join(columns)} FROM {source})"
        outputs = [self._output(rule, bool(flags[rule]), anything) for rule in rules]
        failed = _failed_list(flags, anything)
        kept = ", ".join(_quoted(name) for name in (self._entity.key, *self._options.carry))
        failed_name = _quoted(self._options.prefix + FAILED)
        sql = f"SELECT {kept}, {', '.join(outputs)}, {failed} AS {failed_name} FROM {source}"
        return BulkQuery(sql, self._entity.key, rules, tuple(self._facts))

    def _count(self, node: Node) -> None:
        if node in self._seen:
            return
        self._seen.add(node)
        weight = 2 if isinstance(node, _REPEATS) else 1
        for child in nodes.children(node):
            fused = isinstance(node, nodes.Rounded) and isinstance(child, nodes.Quotient)
            self._uses[child] += 1 if fused else weight
            self._count(child)

    def _name_of(self, node: Node) -> str | None:
        """The writer asks: a fact's or rule's column, a shared part's column (made now), or nothing."""
        if isinstance(node, nodes.Fact):
            return self._fact(node)[0]
        if isinstance(node, nodes.Ref):
            return self._rules[node.rule][0]
        if isinstance(node, _LEAVES) or self._uses[node] < 2:
            return None
        if node not in self._names:
            self._names[node] = self._column("e", self._writer.text(node))
        return self._names[node]

    def _flags_of(self, node: Node) -> Sequence[str]:
        if isinstance(node, nodes.Fact):
            flag = self._fact(node)[1]
            return (flag,) if flag else ()
        return self._rules[node.rule][1] if isinstance(node, nodes.Ref) else ()

    def _alarm(self, condition: str) -> str:
        """A condition that may mean failure, as a column; only rows with an alarm are looked at closely."""
        if condition not in self._alarms:
            self._alarms[condition] = self._column("x", condition)
        return f"coalesce({self._alarms[condition]}, FALSE)"

    def _column(self, letter: str, text: str) -> str:
        found = [self._level_of[name] for name in _NAME.findall(text) if name in self._level_of]
        level = max(found, default=0) + 1
        while len(self._levels) <= level:
            self._levels.append([])
        name = f"{letter}_{len(self._level_of)}"
        self._level_of[name] = level
        self._levels[level].append(f'{text} AS "{name}"')
        return f'"{name}"'

    def _fact(self, node: nodes.Fact) -> tuple[str, str | None]:
        if node.code not in self._facts:
            self._facts[node.code] = self._place_fact(node)
        return self._facts[node.code]

    def _place_fact(self, node: nodes.Fact) -> tuple[str, str | None]:
        """A column of level 0; numbers and dates out of range become NULL there and raise a flag."""
        raw, name = _quoted(node.code), f"f_{len(self._level_of)}"
        self._level_of[name] = 0
        value = raw
        if node.type.kind is Kind.NUMBER:
            value = f"CAST({raw}{' * 10000' if node.type.places else ''} AS {sql_type(node.type)})"
        bounds = self._bounds(raw, node.type)
        if bounds is None or self._is_trusted(node.code):
            self._levels[0].append(f'{value} AS "{name}"')
            return f'"{name}"', None
        self._levels[0].append(f'CASE WHEN {bounds} THEN {value} END AS "{name}"')
        flag = f"x_{len(self._level_of)}"
        self._level_of[flag] = 0
        self._levels[0].append(f'NOT {bounds} AS "{flag}"')
        self._alarms[flag] = f'"{flag}"'
        return f'"{name}"', f'coalesce("{flag}", FALSE)'

    def _bounds(self, raw: str, kind: nodes.Type) -> str | None:
        if kind.kind is Kind.DATE:
            return f"({raw} BETWEEN DATE '{FIRST_DATE}' AND DATE '{LAST_DATE}')"
        if kind.kind is not Kind.NUMBER:
            return None
        unit = 10**kind.places
        return f"({raw} BETWEEN {kind.low // unit} AND {kind.high // unit})"

    def _is_trusted(self, code: str) -> bool:
        """Whether the table's account says that a column keeps to its range."""
        seen, kind = self._options.seen.get(code), fact_type(self._entity.columns[code])
        if seen is None or kind.kind not in (Kind.NUMBER, Kind.DATE):
            return seen is not None
        if seen.least is None or seen.most is None:
            return seen.rows == seen.nulls
        low, high = (FIRST_DATE, LAST_DATE) if kind.kind is Kind.DATE else (kind.low, kind.high)
        unit = 10**kind.places
        ends = (seen.least, seen.most) if kind.kind is Kind.DATE else (seen.least * unit, seen.most * unit)
        return bool(low <= ends[0] and ends[1] <= high)

    def _is_known_fact(self, code: str) -> bool:
        return self._is_trusted(code) and not self._options.seen[code].nulls

    def _is_known_rule(self, rule: str) -> bool:
        node = self._nodes[rule]
        return self._known(node) and _limits(self._book.latest(rule).text, node) is None

    def _place_rule(self, text: RuleText, node: Node) -> tuple[str, tuple[str, ...]]:
        terms = self._writer.failing(node)
        limits = _limits(text, node)
        value = self._writer.value(node)
        if limits is not None:
            whole = self._column("e", value)
            terms.append(self._alarm(f"NOT ({whole} {limits})"))
            value = f"CASE WHEN {whole} {limits} THEN {whole} END"
            value = (
                f"CAST({value} AS {sql_type(stored_type(node, result_type(text)))})"
                if node.type.kind is Kind.NUMBER
                else value
            )
        name = value if _NAME.fullmatch(value) else self._column("r", value)
        if sum(map(len, terms)) > _LONG:
            terms = [self._column("x", " OR ".join(terms))]
        return name, tuple(terms)

    def _source(self, relation: str) -> str:
        carried = [_quoted(name) for name in self._options.carry]
        columns = ", ".join([_quoted(self._entity.key), *carried, *self._levels[0]])
        return f"(SELECT {columns} FROM {relation})"

    def _output(self, rule: str, can_fail: bool, anything: str) -> str:
        name, terms = self._rules[rule]
        node = self._nodes[rule]
        value = name
        if node.type.kind is Kind.NUMBER and node.type.places:
            places = node.type.places
            value = f"(CAST({name} AS DECIMAL(18,0)) * CAST({10**-places:.{places}f} AS DECIMAL(18,{places})))"
        if can_fail:
            value = (
                f"CASE WHEN {anything} THEN CASE WHEN {' OR '.join(terms)} THEN NULL ELSE {value} END ELSE {value} END"
            )
        return f"{value} AS {_quoted(self._options.prefix + rule)}"


def _limits(text: RuleText, node: Node) -> str | None:
    """The range a result must keep to, as SQL after the value, where its bounds do not say so already."""
    limit = result_type(text).high
    if node.type.kind is Kind.NUMBER and node.type.reach > limit:
        return f"BETWEEN {-limit} AND {limit}"
    if node.type.kind is Kind.DATE and any(isinstance(part, nodes.Shifted) for part in nodes.walk(node)):
        return f"BETWEEN DATE '{FIRST_DATE}' AND DATE '{LAST_DATE}'"
    return None


def _failed_list(flags: Mapping[str, str], anything: str) -> str:
    if not anything:
        return "CAST(NULL AS VARCHAR[])"
    cells = ", ".join(f"CASE WHEN {flag} THEN {literal(rule, nodes.TEXT)} END" for rule, flag in flags.items() if flag)
    return f"CASE WHEN {anything} THEN list_filter([{cells}], lambda x: x IS NOT NULL) END"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

"""The pack's own rules for the bench, and as many variations of them as asked: each with parameters of its own.

Only rules that read a number parameter, themselves or through rules they refer to, are varied: a copy of any other
would be computed once for both, and count twice.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from zhicheng.config.benches.rulebooks import DAY, bench_book
from zhicheng.core.lake.public import read_tables
from zhicheng.core.packs.public import PackSource, sections
from zhicheng.core.rules.base.books import book_of
from zhicheng.engines.rules.book import Rulebook, build_book, parameters_of, references
from zhicheng.engines.rules.values import Parameter, RuleText, TableText

_SECTIONS = ("rules", "rule_parameters", "rule_tables")
_NUMBERS = ("integer", "decimal")
_NAME = re.compile(r"(?<![\w.'])[a-z]\w*(?:\.\w+)+")
_MOST_VARIATIONS = 60


@dataclass(frozen=True)
class Widened:
    """A book with the ids to decide, and how many of them are the pack's own; 0 where the bench brings its rules."""

    book: Rulebook
    ids: tuple[str, ...]
    own: int

    @property
    def how(self) -> str:
        """Where the rules come from."""
        if not self.own:
            return "rules of the bench itself, written like a city's, widened by varying their parameters"
        return f"{self.own} rules of the pack, the others the same with varied parameters"


def rules_to_run(pack: Path, count: int) -> Widened:
    """So many rules about people: the pack's, widened; the bench's own where the pack has too few to widen."""
    found = widened_book(pack, "person", DAY, count)
    if found is not None:
        return found
    book, ids = bench_book(read_tables(pack)["person"], count)
    return Widened(book, tuple(ids), 0)


def widened_book(pack: Path, entity: str, day: date, count: int) -> Widened | None:
    """The pack's rules about an entity, widened to a count; None where they are none, or cannot be widened so far."""
    source = PackSource(pack, "", "", {code: sections[code].load(pack).value for code in _SECTIONS})
    book, problems = book_of(source)
    if problems or not book.rules:
        return None
    base = [rule for rule in book.order if book.latest(rule).text.entity == entity and book.at(rule, day)]
    kinds = ("boolean", "integer", "decimal")
    own = [rule for rule in base if book.latest(rule).text.type in kinds][:count]
    varied = _varied(book, base, day)
    texts = [version.text for rule in book.rules for version in book.rules[rule]]
    parameters = list(book.parameters.values())
    ids = list(own)
    for variation in range(1, _MOST_VARIATIONS):
        if len(ids) >= count:
            break
        names = {rule: f"{rule}_v{variation}" for rule in varied}
        changed = {code: f"{code}_v{variation}" for code, one in book.parameters.items() if one.type in _NUMBERS}
        texts += [_renamed(_at(book, rule, day), names, changed) for rule in varied]
        parameters += [_moved(book.parameters[code], new, variation) for code, new in changed.items()]
        ids += [names[rule] for rule in own if rule in varied]
    return _built(book, parameters, texts, ids[:count], len(own)) if len(ids) >= count else None


def _built(
    book: Rulebook, parameters: Sequence[Parameter], texts: Sequence[RuleText], ids: Sequence[str], own: int
) -> Widened | None:
    wide, problems = build_book(book.entities, parameters, texts)
    return None if problems else Widened(wide, tuple(ids), own)


def _varied(book: Rulebook, rules: Sequence[str], day: date) -> list[str]:
    """Those that read a number parameter somewhere, in the order in which they depend."""
    found: set[str] = set()
    for rule in rules:
        version = book.at(rule, day)
        if version is None:
            continue
        numbers = [code for code in parameters_of(version.node) if book.parameters[code].type in _NUMBERS]
        if numbers or references(version.node) & found:
            found.add(rule)
    return [rule for rule in rules if rule in found]


def _at(book: Rulebook, rule: str, day: date) -> RuleText:
    version = book.at(rule, day)
    if version is None:
        raise KeyError(rule)
    return version.text


def _renamed(text: RuleText, rules: Mapping[str, str], parameters: Mapping[str, str]) -> RuleText:
    def name(match: re.Match[str]) -> str:
        word = match[0]
        code = word.removeprefix("param.")
        return f"param.{parameters.get(code, code)}" if code != word else rules.get(word, word)

    def change(expression: str) -> str:
        return _NAME.sub(name, expression)

    table = None if text.table is None else _renamed_table(text.table, change)
    return replace(text, id=rules[text.id], expression=change(text.expression), table=table)


def _renamed_table(table: TableText, change: Callable[[str], str]) -> TableText:
    rows = tuple(replace(row, cells=tuple(map(change, row.cells)), result=change(row.result)) for row in table.rows)
    return replace(table, inputs=tuple(map(change, table.inputs)), rows=rows, otherwise=change(table.otherwise))


def _moved(parameter: Parameter, code: str, variation: int) -> Parameter:
    values = tuple(replace(dated, value=_more(dated.value, variation)) for dated in parameter.values)
    return replace(parameter, code=code, values=values)


def _more(value: object, variation: int) -> int | Decimal | None:
    """A twelfth more for each variation, at least one; in the places that the number has."""
    if isinstance(value, int):
        return value + max(value * variation // 12, variation)
    if isinstance(value, Decimal):
        return (value * (12 + variation) / 12).quantize(value)
    return None

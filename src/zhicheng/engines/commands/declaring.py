"""A vocabulary from declarations: tables as layers or lake tables declare them, with the words that a pack adds.

Everything comes in as plain data; `words` is one table of a pack's `commands/*.yaml`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from zhicheng.engines.commands.plain import read_condition, read_measure
from zhicheng.engines.commands.values import Condition, Measure
from zhicheng.engines.commands.vocabulary import Figure, Phrase, WordColumn, WordTable, unique


@dataclass(frozen=True)
class DeclaredColumn:
    """A column as a layer or a table of the lake declares it."""

    code: str
    label: str
    type: str = "text"
    unit: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    words: Sequence[str] = ()
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class DeclaredTable:
    """A layer or a table of the lake as declared. `located`: its rows have a geometry, or belong to what has one."""

    code: str
    label: str
    columns: Sequence[DeclaredColumn]
    key: str = ""
    words: Sequence[str] = ()
    located: bool = False


def make_table(declared: DeclaredTable | None, words: Mapping[str, Any], code: str) -> WordTable:
    """A table with both its declared words and the pack's. Without a declaration the pack's words stand alone.

    Raises:
        ValueError: a condition or measure in the words cannot be read.
    """
    declared = declared or DeclaredTable(code, str(words.get("label", code)), ())
    said: Mapping[str, Any] = words.get("columns", {})
    known = {column.code: column for column in declared.columns}
    found = [name for name in ("district", "street", "community", "grid") if name in known]
    levels = tuple(words.get("levels", found))
    names = [name for name in sorted({*said, *known}) if name not in levels]
    columns = [make_column(known.get(name), said.get(name, {}), name) for name in names]
    table = WordTable(
        code=declared.code,
        label=declared.label or str(words.get("label", code)),
        columns=tuple(columns),
        key=str(words.get("key", declared.key)),
        words=unique([*map(str, words.get("words", ())), *declared.words]),
        counters=tuple(words.get("counters", ())),
        levels=levels,
        located=bool(words.get("located", declared.located)),
        times={name: tuple(verbs) for name, verbs in words.get("times", {}).items()},
        phrases=tuple(_phrase(found) for found in words.get("phrases", ()) if "unsupported" not in found),
        figures=tuple(_figure(found) for found in words.get("figures", ())),
        size=str(words.get("size", "")),
        length=str(words.get("length", "")),
        area=str(words.get("area", "")),
    )
    return replace(
        table,
        priority=int(words.get("priority", 50)),
        elapsed=str(words.get("elapsed", "")),
        silent=bool(words.get("silent", False)),
        forward=tuple(words.get("forward", ())),
        road=str(words.get("road", "")),
        usual_time=str(words.get("usual_time", "")),
    )


def make_column(declared: DeclaredColumn | None, said: Mapping[str, Any], code: str) -> WordColumn:
    """A column with both its declared words and the pack's."""
    declared = declared or DeclaredColumn(code, str(said.get("label", code)), str(said.get("type", "text")))
    dropped = {*map(str, said.get("drop", ()))}
    codes = {str(value): str(label) for value, label in {**said.get("codes", {}), **declared.codes}.items()}
    synonyms = {
        value: unique(
            [*map(str, said.get("synonyms", {}).get(value, ())), *_kept(declared.synonyms.get(value, ()), dropped)]
        )
        for value in codes
    }
    nouns = _nouns(said, synonyms)
    return WordColumn(
        code=code,
        label=str(said.get("label", declared.label)),
        type=declared.type,
        unit=declared.unit or str(said.get("unit", "")),
        words=unique([declared.label, *map(str, said.get("words", ())), *_kept(declared.words, dropped)]),
        codes=codes or {value: words[0] for value, words in nouns.items() if words},
        synonyms=synonyms,
        nouns=nouns,
        counters=tuple(said.get("counters", ())),
        amount=bool(said.get("amount", False)),
        additive=bool(said.get("amount", False) or said.get("additive", False)),
        year=bool(said.get("year", False)),
        age=tuple(said.get("age", ())),
        highest=tuple(said.get("highest", ())),
        lowest=tuple(said.get("lowest", ())),
        tree=bool(said.get("tree", False)),
        named=bool(said.get("named", False)),
    )


def _nouns(said: Mapping[str, Any], synonyms: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The words for each code that name rows: those that the pack says, and synonyms with an ending that does (…楼)."""
    ends = tuple(said.get("noun_ends", ()))
    told: Mapping[str, Sequence[str]] = said.get("nouns", {})
    return {
        value: unique(
            [*map(str, told.get(value, ())), *(w for w in synonyms.get(value, ()) if ends and w.endswith(ends))]
        )
        for value in {**synonyms, **told}
    }


def _kept(words: Iterable[str], dropped: set[str]) -> list[str]:
    return [word for word in words if word not in dropped]


def with_codes(column: WordColumn, codes: Mapping[str, str], synonyms: Mapping[str, Iterable[str]]) -> WordColumn:
    """The column with further codes (a taxonomy, processes); words already known for a code stay."""
    known = {value: unique([*column.synonyms.get(value, ()), *words]) for value, words in synonyms.items()}
    return replace(column, codes={**codes, **column.codes}, synonyms={**column.synonyms, **known})


def _conditions(found: Iterable[str]) -> tuple[Condition, ...]:
    return tuple(read_condition(text) for text in found)


def _phrase(found: Mapping[str, Any]) -> Phrase:
    return Phrase(
        tuple(found["words"]),
        _conditions(found["where"]),
        _conditions(found.get("negated", ())),
        bool(found.get("noun", False)),
        str(found.get("note", "")),
    )


def _figure(found: Mapping[str, Any]) -> Figure:
    words = tuple(found["words"])
    measure: Measure = replace(read_measure(found["measure"]), label=words[0])
    return Figure(words, measure, _conditions(found.get("where", ())))

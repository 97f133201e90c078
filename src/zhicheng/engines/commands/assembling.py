"""One vocabulary of everything: the pack's words over the declared tables, its codes, places and units."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from zhicheng.engines.commands.declaring import DeclaredTable, make_table, with_codes
from zhicheng.engines.commands.vocabulary import KnownPlace, KnownUnit, Vocabulary, WordTable, unique

_SUFFIXES = {
    "district": ("新区", "合作区", "区", "县"),
    "street": ("街道办事处", "街道", "镇"),
    "community": ("社区",),
}
_ROAD_ENDS = ("路", "大道", "街", "巷", "快速", "高速")


@dataclass(frozen=True)
class Source:
    """What a vocabulary is made of, as plain values.

    `words`: the pack's `commands/*.yaml`; `codes`: (table, column) → value → label, for columns whose codes are not in
    a declaration (taxonomy, processes, kinds of licences and devices).
    """

    words: Sequence[Mapping[str, Any]]
    tables: Mapping[str, DeclaredTable] = field(default_factory=dict)
    codes: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    places: Sequence[KnownPlace] = ()
    units: Sequence[KnownUnit] = ()


def assemble(source: Source) -> Vocabulary:
    """The vocabulary.

    Raises:
        ValueError: a condition or measure of the pack's words cannot be read.
    """
    said = {code: words for found in source.words for code, words in (found.get("tables") or {}).items()}
    codes = sorted({*said, *source.tables})  # stored bodies have no order
    tables = [make_table(source.tables.get(code), said.get(code, {}), code) for code in codes]
    return Vocabulary(
        tables=tuple(_with_codes(table, source, said.get(table.code, {})) for table in tables),
        places=tuple(source.places),
        units=tuple(source.units),
        fillers=unique(word for found in source.words for word in found.get("fillers") or ()),
        vague={word: hint for found in source.words for word, hint in (found.get("vague") or {}).items()},
    )


def _with_codes(table: WordTable, source: Source, said: Mapping[str, Any]) -> WordTable:
    columns = list(table.columns)
    for index, column in enumerate(columns):
        codes = source.codes.get((table.code, column.code))
        if codes:
            more = said.get("columns", {}).get(column.code, {}).get("synonyms", {})
            columns[index] = with_codes(column, codes, more)
    return replace(table, columns=tuple(columns))


@dataclass(frozen=True)
class Area:
    """A division or landmark as its owner knows it; `chain` are the codes around it, nearest first."""

    kind: str
    name: str
    code: str
    chain: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


def name_places(areas: Iterable[Area]) -> list[KnownPlace]:
    """Places with the short names that people use. 福田 is the district: of one short name the widest area has it."""
    found = list(areas)
    taken = {area.name for area in found}
    short: dict[str, Area] = {}
    for area in found:
        name = area.name.removesuffix("站")
        if area.kind == "landmark" and len(name) >= 4 and name != area.name and name not in taken:
            short[name] = area
    for level in ("city", "district", "street", "community"):
        for area in found:
            name = _short(area)
            if area.kind == level and name and name not in taken and name not in short:
                short[name] = area
    by_area: dict[str, list[str]] = {}
    for name, area in short.items():
        by_area.setdefault(area.code or area.name, []).append(name)
    return [_place(area, by_area.get(area.code or area.name, []), short) for area in found]


def _place(area: Area, short: list[str], taken: Mapping[str, Area]) -> KnownPlace:
    aliases = [alias for alias in area.aliases if _may_stand(alias, taken)]
    return KnownPlace(area.kind, area.name, area.code, unique([*short, *aliases]), area.chain)


def name_unit(code: str, name: str, short: str, district: str) -> KnownUnit:
    """A unit with what people call it: without 深圳市 in front, and 福田区住建局 beside 福田住建局."""
    city = name.removeprefix("深圳市") if district else ""
    brief = district.removesuffix("区")
    wide = f"{district}{short.removeprefix(brief)}" if district and brief and short.startswith(brief) else ""
    return KnownUnit(code, name, unique([short, city, wide]))


def _may_stand(alias: str, taken: Mapping[str, Area]) -> bool:
    return alias not in taken or taken[alias].kind == "community"


def _short(area: Area) -> str:
    """The name without its level; communities keep theirs, unless that leaves three characters or more."""
    for suffix in _SUFFIXES.get(area.kind, ()):
        rest = area.name.removesuffix(suffix)
        if rest != area.name and len(rest) >= (4 if area.kind == "community" else 2):
            return rest
    if area.kind == "city":
        return area.name.removesuffix("市")
    return ""

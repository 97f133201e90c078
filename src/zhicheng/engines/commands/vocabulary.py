"""The words of a city: tables with their columns and codes, places, units. Made once from declarations, then only read.

Whoever makes it has the declarations of layers and tables at hand; nothing here reads files or databases.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zhicheng.engines.commands.values import Condition, Measure

LEVELS = ("city", "district", "street", "community", "grid")


@dataclass(frozen=True)
class WordColumn:
    """A column and what people call it.

    `type` as declared (text, integer, real, decimal, boolean, date, timestamp). `unit` is the unit of its values.
    `codes`: value → label; `synonyms`: value → more words; `nouns`: words of codes that stand for rows of the table
    (办公楼), where the label only describes (办公). `counters`: words after a number that mean this column (层, 户).
    `amount`: a number of things (residents), so that 多少 asks for its sum and 有 for more than none; `additive`: its
    sums make sense (area). `year`: a calendar year; `age`: words for years passed since (楼龄). `highest` and `lowest`:
    superlatives that mean this column. `tree`: codes are dotted paths, a code holds for all below it. `named`: rows
    may be asked for by the text of this column.
    """

    code: str
    label: str
    type: str = "text"
    unit: str = ""
    words: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nouns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counters: tuple[str, ...] = ()
    amount: bool = False
    additive: bool = False
    year: bool = False
    age: tuple[str, ...] = ()
    highest: tuple[str, ...] = ()
    lowest: tuple[str, ...] = ()
    tree: bool = False
    named: bool = False


@dataclass(frozen=True)
class Phrase:
    """Words that stand for conditions (未办结), in no need of a column's name. `noun`: they also name the table.

    `negated`: what holds when the words are denied; empty where they cannot be.
    """

    words: tuple[str, ...]
    where: tuple[Condition, ...]
    negated: tuple[Condition, ...] = ()
    noun: bool = False
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """Words that stand for a measure (按时办结率), over the rows for which `where` holds."""

    words: tuple[str, ...]
    measure: Measure
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class WordTable:
    """A table and what people call its rows. `priority`: the lower one is meant where words fit both."""

    code: str
    label: str
    columns: tuple[WordColumn, ...]
    key: str = ""
    words: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()  # levels of divisions that its rows carry as columns
    located: bool = False
    times: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # time column → its verbs
    usual_time: str = ""  # the time column that is meant where no verb names one
    phrases: tuple[Phrase, ...] = ()
    figures: tuple[Figure, ...] = ()
    size: str = ""  # the column that 最大/最小 means
    length: str = ""  # the column that a number of metres means
    area: str = ""  # the column that a number of square metres means
    priority: int = 50
    elapsed: str = ""  # the column from which a length of time counts (离线超过2小时)
    silent: bool = False  # its rows speak again and again: 两天没有上报 is said of them
    forward: tuple[str, ...] = ()  # time columns that lie ahead (due_at): 3天内 means the next three days
    road: str = ""  # the column with the name of the road that rows lie on; empty: by distance

    def column(self, code: str) -> WordColumn | None:
        """One column, if the table has it."""
        return next((column for column in self.columns if column.code == code), None)


@dataclass(frozen=True)
class KnownPlace:
    """A named place: `kind` is its level, `landmark` or `road`; `within`: codes of the divisions around it."""

    kind: str
    name: str
    code: str
    aliases: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownUnit:
    """A government unit that cases and tasks can be of."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """Everything that can be said. `fillers` are words of the pack that add nothing (请帮我)."""

    tables: tuple[WordTable, ...]
    places: tuple[KnownPlace, ...] = ()
    units: tuple[KnownUnit, ...] = ()
    fillers: tuple[str, ...] = ()
    vague: Mapping[str, str] = field(default_factory=dict)  # words without a bound → how to say it instead
    city: str = ""

    def table(self, code: str) -> WordTable:
        """One table.

        Raises:
            KeyError: there is none with this code.
        """
        for table in self.tables:
            if table.code == code:
                return table
        raise KeyError(code)


def unique(words: Iterable[str]) -> tuple[str, ...]:
    """The words without repetition, in order; empty ones are left out."""
    return tuple(dict.fromkeys(word for word in words if word))

"""What has been read so far of a command about one table: the tokens, which of them are used, the parts found."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from zhicheng.engines.commands.numbers import Quantity
from zhicheng.engines.commands.times import TimeSpan
from zhicheng.engines.commands.tokens import Lexicon, Meaning, Token
from zhicheng.engines.commands.values import Condition, Measure, Near, Period, Place, Rank, Refusal, Scalar
from zhicheng.engines.commands.vocabulary import WordColumn, WordTable

NUMBERS = ("integer", "real", "decimal")


@dataclass(frozen=True)
class Beside:
    """Where dropped words stood that still say something: starts of tokens right behind 有, right before 里."""

    having: frozenset[int] = frozenset()
    inside: frozenset[int] = frozenset()


@dataclass
class Draft:
    """A command in the making. Passes mark the tokens that they understood; what stays unused was not."""

    tokens: list[Token]
    table: WordTable
    lexicon: Lexicon
    now: datetime
    beside: Beside = field(default_factory=Beside)
    used: set[int] = field(default_factory=set)
    denied: set[int] = field(default_factory=set)
    where: list[Condition] = field(default_factory=list)
    base: list[Condition] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    outside: list[Place] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    measure: Measure | None = None
    by: list[str] = field(default_factory=list)
    rank: Rank | None = None
    having: Condition | None = None
    against: str = ""
    named: bool = False  # a noun of the table was said
    cost: int = 0
    refusal: Refusal | None = None

    def free(self, at: int) -> Token | None:
        """The token at a place, unless there is none or it is used."""
        if 0 <= at < len(self.tokens) and at not in self.used:
            return self.tokens[at]
        return None

    def indices(self) -> list[int]:
        """The places of unused tokens."""
        return [at for at in range(len(self.tokens)) if at not in self.used]

    def take(self, *places: int) -> None:
        """Mark tokens as understood."""
        self.used.update(places)

    def role(self, at: int, *roles: str) -> bool:
        """Whether an unused token plays one of these roles."""
        token = self.free(at)
        return token is not None and token.is_role(*roles)

    def mine(self, at: int, kind: str) -> Meaning | None:
        """What an unused token means for this table."""
        token = self.free(at)
        if token is None:
            return None
        return next((meaning for meaning in token.all(kind) if meaning.table == self.table.code), None)

    def mine_anywhere(self, *kinds: str) -> bool:
        """Whether any token, used or not, means one of these kinds for this table."""
        return any(m.kind in kinds and m.table == self.table.code for token in self.tokens for m in token.meanings)

    def column_at(self, at: int) -> WordColumn | None:
        """The column that an unused token names."""
        found = self.mine(at, "column")
        return self.table.column(found.name) if found else None

    def quantity(self, at: int) -> Quantity | None:
        """The number at an unused token, with what it counts here: an own counter is preferred over a unit."""
        token = self.free(at)
        found: list[Quantity] = [meaning.value for meaning in token.all("number")] if token else []
        own = {word for column in self.table.columns for word in column.counters} | {*self.table.counters}
        for quantity in found:
            if not quantity.kind and quantity.counter in own:
                return quantity
        return found[0] if found else None

    def time(self, at: int) -> TimeSpan | None:
        """The time at an unused token."""
        token = self.free(at)
        meaning = token.of("time") if token else None
        span: TimeSpan | None = meaning.value if meaning else None
        return span

    def noun(self, at: int) -> bool:
        """Whether an unused token names rows of this table."""
        return self.mine(at, "table") is not None or self.mine(at, "noun") is not None

    def level(self, at: int) -> str:
        """The level of divisions that an unused token names and the rows of this table carry."""
        token = self.free(at)
        meaning = token.of("level") if token else None
        return meaning.name if meaning and meaning.name in self.table.levels else ""

    def refuse(self, code: str, message: str, *suggestions: str) -> None:
        """Say why there is no command; the first reason stays."""
        self.refusal = self.refusal or Refusal(code, message, suggestions=suggestions)


def scalar(value: Decimal) -> Scalar:
    """A whole number as int."""
    return int(value) if value == value.to_integral_value() else value

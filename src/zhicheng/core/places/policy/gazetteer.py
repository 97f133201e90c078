"""What an address text means: names of divisions and landmarks found in it, weighed against each other.

The text is scanned once; at each place the longest known name wins. Every meaning of every name found is a
hypothesis; names that agree with it (one lies in the other) speak for it, names that cannot agree speak against it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from zhicheng.core.places.policy.naming import short_name
from zhicheng.core.places.values import DivisionInfo, Point

_NEARBY_WORDS = ("附近", "对面", "旁边", "旁", "周边", "一带", "隔壁", "斜对面", "后面", "前面")
_NEARBY_FACTOR = 0.9
_AMBIGUOUS_FACTOR = 0.6
_MOST_CHARACTERS = 2000
_MOST_NAMES = 24  # who lists more places than this says nothing about one
_BEST_SCORE = 0.98
_BETWEEN = frozenset(" ,,、;;-—·的在\u3000")
_FULL = {"city": 0.3, "district": 0.95, "street": 0.95, "community": 0.92}
_SHORT = {"city": 0.3, "district": 0.8, "street": 0.75, "community": 0.7}


@dataclass(frozen=True)
class Meaning:
    """One thing that a name may stand for. `chain` runs from its finest division to the city.

    A weak meaning (a community called 和平 or 阳光) counts only right behind a name that it lies in.
    """

    chain: tuple[str, ...]
    weight: float
    depth: int
    is_weak: bool = False
    grid: str = ""
    point: Point | None = None


@dataclass(frozen=True)
class Match:
    """The best reading of a text."""

    meaning: Meaning
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    word: str
    start: int
    end: int
    meanings: tuple[Meaning, ...]


class Gazetteer:
    """The vocabulary of a city's addresses: immutable, built once a revision."""

    def __init__(self) -> None:
        self._meanings: dict[str, tuple[Meaning, ...]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}

    @classmethod
    def build(cls, names: Iterable[tuple[str, Meaning]]) -> "Gazetteer":
        """A gazetteer of names, each, each at least two characters long; shorter ones are left out."""
        gazetteer = cls()
        for name, meaning in names:
            key = name.casefold()
            if len(key) < 2:
                continue
            known = gazetteer._meanings.get(key, ())
            if all(meaning.chain != other.chain or meaning.weight > other.weight for other in known):
                kept = tuple(other for other in known if other.chain != meaning.chain)
                gazetteer._meanings[key] = (*kept, meaning)
        lengths: dict[str, set[int]] = {}
        for key in gazetteer._meanings:
            lengths.setdefault(key[:2], set()).add(len(key))
        gazetteer._lengths = {pair: tuple(sorted(sizes, reverse=True)) for pair, sizes in lengths.items()}
        return gazetteer

    def __len__(self) -> int:
        return len(self._meanings)

    def read(self, text: str) -> Match | None:
        """The best reading, or `None` where nothing below the city is named. Only the first 2,000 characters count."""
        folded = text[:_MOST_CHARACTERS].casefold()
        found = _settle_weak(list(islice(self._scan(folded), _MOST_NAMES)))
        found = list({item.word: item for item in reversed(found)}.values())[::-1]  # said twice counts once
        best = _best(found)
        if best is None:
            return None
        meaning, score = best
        for item in found:
            if meaning in item.meanings and folded.startswith(_NEARBY_WORDS, item.end):
                meaning, score = replace(meaning, grid=""), score * _NEARBY_FACTOR
        words = tuple(dict.fromkeys(item.word for item in found if _speaks_for(item, meaning) > 0))
        return Match(meaning, round(min(score, _BEST_SCORE), 3), words)

    def _scan(self, text: str) -> Iterator[_Found]:
        lengths, meanings = self._lengths, self._meanings
        position, last = 0, len(text) - 1
        while position < last:
            for length in lengths.get(text[position : position + 2], ()):
                word = text[position : position + length]
                hit = meanings.get(word)
                if hit is not None:
                    yield _Found(word, position, position + length, hit)
                    position += length - 1
                    break
            position += 1


def division_names(division: DivisionInfo, chain: tuple[str, ...]) -> Iterator[tuple[str, Meaning]]:
    """The names a division goes by: official, short, and what old signs say."""
    full = Meaning(chain, _FULL[division.level], len(chain))
    yield division.name, full
    short = short_name(division.name, division.level)
    if short == division.name:
        return
    weak = division.level == "community" and len(short) < 3
    yield short, replace(full, weight=_SHORT[division.level], is_weak=weak)
    if division.level == "community":
        yield f"{short}居委会", replace(full, weight=0.9)
        yield f"{short}村", replace(full, weight=0.8)
    elif division.level == "street":
        yield f"{short}街道办", full
        yield f"{short}镇", replace(full, weight=0.5)  # the old towns were larger than their streets


def _settle_weak(found: Sequence[_Found]) -> list[_Found]:
    """Drop weak meanings that do not stand right behind a name that they lie in."""
    settled: list[_Found] = []
    for item in found:
        before = settled[-1] if settled else None
        kept = tuple(
            replace(meaning, is_weak=False) if meaning.is_weak else meaning
            for meaning in item.meanings
            if not meaning.is_weak or (before is not None and _stands_in(meaning, before, item.start))
        )
        if kept:
            settled.append(replace(item, meanings=kept))
    return settled


def _stands_in(meaning: Meaning, before: _Found, start: int) -> bool:
    return start - before.end <= 0 and any(
        wider.chain[0] in meaning.chain[1:] and len(wider.chain) > 1 for wider in before.meanings
    )


def _best(found: Sequence[_Found]) -> tuple[Meaning, float] | None:
    hypotheses = {meaning: None for item in found for meaning in item.meanings if len(meaning.chain) > 1}
    if not hypotheses:
        return None
    judged = [(*_judge(meaning, found), meaning) for meaning in hypotheses]
    top = max(value for value, _, _ in judged)
    winners = [(score, meaning) for value, score, meaning in judged if value >= top - 1e-9]
    score, meaning = max(winners, key=lambda winner: winner[0])
    common = _common(winner for _, winner in winners)
    if common == meaning.chain:
        return meaning, score
    if len(common) < 2:
        return None
    return Meaning(common, meaning.weight, len(common)), score * _AMBIGUOUS_FACTOR


def _judge(meaning: Meaning, found: Sequence[_Found]) -> tuple[float, float]:
    """Value for the choice between hypotheses, and the confidence if it is chosen."""
    doubt, support, against = 1.0, 0.0, 0.0
    for item in found:
        weight = _speaks_for(item, meaning)
        if weight > 0:
            share = weight if meaning in item.meanings else weight * 0.5
            doubt *= 1.0 - share
            support += weight
        else:
            against += max(other.weight for other in item.meanings)
    finer = 0.02 * meaning.depth if support > meaning.weight + 0.2 or meaning.weight > 0.75 else 0.0
    return support - against + finer + 0.2 * meaning.weight, (1.0 - doubt) * support / (support + against)


def _speaks_for(item: _Found, meaning: Meaning) -> float:
    """The weight with which a name agrees: one of its meanings lies in the hypothesis, or around it."""
    return max((other.weight for other in item.meanings if _agree(other.chain, meaning.chain)), default=0.0)


def _agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return one[0] in other or other[0] in one


def _common(meanings: Iterable[Meaning]) -> tuple[str, ...]:
    chains = [meaning.chain for meaning in meanings]
    return tuple(code for code in chains[0] if all(code in chain for chain in chains))

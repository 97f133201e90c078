"""What the parts of an address are called, and where each stands in a text. Nothing here knows how they are found.

The tags are those of a public annotation of Chinese addresses (CCKS 2021; Li, Lu, Xie, Li: "Neural Chinese Address
Parsing", NAACL 2019), lower case throughout: its files write devZone and subRoad now this way, now that.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

TAGS = (
    "country",
    "prov",
    "city",
    "district",
    "devzone",
    "town",
    "community",
    "road",
    "roadno",
    "subroad",
    "subroadno",
    "poi",
    "subpoi",
    "houseno",
    "cellno",
    "floorno",
    "roomno",
    "person",
    "assist",
    "redundant",
    "otherinfo",
)
BEGIN, INSIDE = "B-", "I-"


@dataclass(frozen=True, order=True)
class Span:
    """A part of a sequence: `start` up to but without `end` (0 ≤ start < end), and its tag."""

    start: int
    end: int
    tag: str


@dataclass(frozen=True)
class TaggedAddress:
    """An address as a person marked it: what it is made of (a character, or a run of figures), and a mark for each.

    A mark is B-tag for the first of a part, I-tag for the others.
    """

    tokens: tuple[str, ...]
    marks: tuple[str, ...]


def spans_of(marks: Sequence[str]) -> Iterator[Span]:
    """The parts that marks say; they cover everything, none overlaps another. An I- that continues nothing begins.

    No marks have no parts.

    >>> [(span.start, span.end, span.tag) for span in spans_of(["B-road", "I-road", "I-poi", "B-poi"])]
    [(0, 2, 'road'), (2, 3, 'poi'), (3, 4, 'poi')]
    """
    start = 0
    for at in range(1, len(marks) + 1 if marks else 0):
        if at == len(marks) or marks[at] != INSIDE + marks[start][2:]:
            yield Span(start, at, marks[start][2:])
            start = at


def span_f1(told: Iterable[Iterable[Span]], found: Iterable[Iterable[Span]]) -> float:
    """Micro-F1 over the parts of many addresses: one is right when begin, end and tag are. 0.0 when there are none.

    >>> span_f1([[Span(0, 2, "road"), Span(2, 3, "roadno")]], [[Span(0, 2, "road"), Span(2, 3, "poi")]])
    0.5
    """
    counted: Counter[str] = Counter()
    for spans, others in zip(told, found, strict=True):
        right, given = set(spans), set(others)
        counted.update(every=len(right) + len(given), both=len(right & given))
    return 2 * counted["both"] / counted["every"] if counted["every"] else 0.0

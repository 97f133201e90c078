"""One reading out of several: whole parts are voted on, and a part has to be worth its while."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from zhicheng.engines.addresses.spans import BEGIN, INSIDE, Span, spans_of

# Of a part with fewer votes than this share it is likelier that it is wrong than right: one doubtful part is better
# than two, and F1 counts both what is missing and what is too much.
_PRICE = 0.5


def vote(readings: Sequence[Sequence[str]]) -> list[str]:
    """The marks of the parts whose shares of votes, less a price a part, are the most in all.

    Each reading has as many marks. The parts are some that were said, and cover everything. No readings give none.

    >>> vote([["B-road", "I-road"], ["B-road", "I-road"], ["B-poi", "I-poi"]])
    ['B-road', 'I-road']
    >>> vote([["B-road", "I-road"], ["B-poi", "B-road"], ["B-town", "B-poi"]])
    ['B-road', 'I-road']
    """
    if not readings or not readings[0]:
        return []
    ending: defaultdict[int, list[tuple[Span, float]]] = defaultdict(list)
    for span, votes in Counter(span for marks in readings for span in spans_of(marks)).items():
        ending[span.end].append((span, votes / len(readings) - _PRICE))
    worth, last = {0: 0.0}, dict[int, Span]()
    for end in sorted(ending):
        value, last[end] = max((worth[span.start] + gain, span) for span, gain in ending[end])
        worth[end] = value
    return _marks_of(last, len(readings[0]))


def _marks_of(last: dict[int, Span], length: int) -> list[str]:
    marks = [""] * length
    end = length
    while end:
        span = last[end]
        marks[span.start : end] = [BEGIN + span.tag] + [INSIDE + span.tag] * (end - span.start - 1)
        end = span.start
    return marks

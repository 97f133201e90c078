"""Several answers in one message, laid against the questions in their order."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from zhicheng.engines.dialogue.own_words import has_address_word
from zhicheng.engines.dialogue.readers import Heard
from zhicheng.engines.dialogue.slots import Slot

_SKIPPED = 0.3  # a part of the message that answers nothing costs this much
_LONG = frozenset({"text", "textarea", "address", "choices", "choice", "code", "boolean", "name", "money", "integer"})
_JOINED = {
    "text": 0.27,
    "code": 0.27,
    "address": 0.05,
    "choices": 0.05,
}  # what it costs to take one part more; others less
_CLEAR = 0.4
_MOST_JOINED = 4
Found = tuple[Slot, Heard, int, int]


@dataclass(frozen=True)
class Piece:
    """A part of the message."""

    start: int
    end: int


def align(
    text: str, pieces: Sequence[Piece], slots: Sequence[Slot], read: Callable[[Slot, str], Heard]
) -> Iterator[Found]:
    """The best way to take the pieces as answers in the order of the slots; then what is left, out of order."""
    if len(pieces) == len(slots):
        pairs = [(slot, read(slot, text[one.start : one.end]), one) for slot, one in zip(slots, pieces, strict=True)]
        if all((heard.value is not None and heard.score >= _CLEAR) or heard.partial for _, heard, _ in pairs):
            yield from ((slot, heard, one.start, one.end) for slot, heard, one in pairs)
            return
    best: dict[tuple[int, int], tuple[float, tuple[Found, ...]]] = {(0, 0): (0.0, ())}
    for place, asked in product(range(len(pieces) + 1), range(len(slots) + 1)):
        if (place, asked) not in best:
            continue
        for step, gain, found in _steps(text, pieces[place:], slots[asked:], read):
            key = (place + step[0], asked + step[1])
            score = best[place, asked][0] + gain
            if key not in best or score > best[key][0]:
                best[key] = (score, (*best[place, asked][1], *found))
    taken = best[len(pieces), len(slots)][1]
    yield from taken
    yield from _out_of_order(text, pieces, slots, taken, read)


def _steps(
    text: str, pieces: Sequence[Piece], slots: Sequence[Slot], read: Callable[[Slot, str], Heard]
) -> Iterator[tuple[tuple[int, int], float, tuple[Found, ...]]]:
    if pieces:
        yield (1, 0), -_SKIPPED, ()
    if slots:
        yield (0, 1), 0.0, ()
    if not pieces or not slots:
        return
    most = _MOST_JOINED if slots[0].kind in _LONG else 1
    for count in range(1, min(most, len(pieces)) + 1):
        start, end = pieces[0].start, pieces[count - 1].end
        if count > 1 and re.search(r"\w", text[pieces[count - 2].end : pieces[count - 1].start]):
            break  # something between them belongs to another slot
        heard = read(slots[0], text[start:end])
        gain = heard.score if heard.value is not None or heard.partial else 0.2 if heard.fault else 0.0
        if slots[0].kind == "address" and not has_address_word(text[pieces[count - 1].start : end]):
            break
        if gain > 0:
            yield (count, 1), gain - (count - 1) * _JOINED.get(slots[0].kind, 0.15), ((slots[0], heard, start, end),)


def _out_of_order(
    text: str,
    pieces: Sequence[Piece],
    slots: Sequence[Slot],
    taken: Sequence[Found],
    read: Callable[[Slot, str], Heard],
) -> Iterator[Found]:
    answered = {slot.name for slot, _, _, _ in taken}
    left = [one for one in pieces if not any(start <= one.start < end for _, _, start, end in taken)]
    for slot in (one for one in slots if one.name not in answered):
        scored = [(read(slot, text[one.start : one.end]), one) for one in left]
        scored = [(heard, one) for heard, one in scored if heard.value is not None and heard.score >= 0.7]
        if scored:
            heard, one = max(scored, key=lambda pair: pair[0].score)
            left.remove(one)
            yield slot, heard, one.start, one.end

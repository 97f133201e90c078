"""What a message says for which slots: by what it names, by what can only be one thing, and by what was asked."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhicheng.engines.dialogue.aligning import Piece, align
from zhicheng.engines.dialogue.days import find_days
from zhicheng.engines.dialogue.ear import Asking, Ear, Proposal, Segment
from zhicheng.engines.dialogue.identifiers import EMAIL, ID_NUMBER, PHONE, USCC
from zhicheng.engines.dialogue.naming import Anchor, speaks_of_slot
from zhicheng.engines.dialogue.options import choose, choose_several
from zhicheng.engines.dialogue.own_words import CORRECTION, has_address_word
from zhicheng.engines.dialogue.people import SELF
from zhicheng.engines.dialogue.polarity import is_no, is_yes, read_statement
from zhicheng.engines.dialogue.readers import (
    NOTHING,
    Around,
    Heard,
    heard_day,
    is_denied,
    lean_of,
    read_slot,
)
from zhicheng.engines.dialogue.slots import Slot

_TAKES: Mapping[str, tuple[str, ...]] = {
    ID_NUMBER: ("id_number", "papers"),
    PHONE: ("phone",),
    USCC: ("uscc", "papers"),
    EMAIL: ("email",),
}
_FREE = frozenset({"text", "textarea", "address", "code"})
_LEAST = {"address": 0.6, "name": 0.5}  # where something else was asked too, a name or address must look like one
_FALLBACK = ("contact", "agent", "guardian", "legal")
_WEAK = frozenset({"date", "integer", "money", "choice", "choices", "boolean", "division"})
_CHATTER = re.compile(
    r"(?:你好|您好|请问|我想|我要|想要|帮我|麻烦|办理|申请|谢谢|身份证|电话|手机|号码|号|是|我的|我|的|叫|和|还有|然后|另外|，|,|:|：|、|。|\s|嗯|哦|好|呃|那个|吧|啊|呀|改成|应该|不对|错了|联系人?|她|他|新|旧)+"
)

_INTENT = re.compile(
    r"^(?:你好|您好|请问|那个|嗯|喂)*[，, ]*(?:我们?|本人|咱们?)?(?:现在|今天)?(?:想|要|需要|打算|准备|来|是来|过来|得)"
    r"|^(?:给|帮|替|为).{1,10}(?:办|申请|上|领|报|弄|补|换|登记|开)|怎么|如何|能不能|可不可以|可以.*吗|(?:办|补办|申请)(?:一下|一个|个|理)"
)


@dataclass(frozen=True)
class Hearing:
    """What was heard; `has_more`: part of the message was not understood."""

    proposals: list[Proposal]
    has_more: bool = False


def hear(text: str, asking: Asking, around: Around) -> Hearing:
    """Everything that a message (as `wording.read_message` gives it) says for the slots."""
    whole = _whole_answer(text, asking, around)
    if whole is not None:
        return Hearing([whole])
    ear = Ear(text, asking, around)
    _take_identifiers(ear)
    _take_anchored(ear)
    _take_weak(ear)
    _take_asked(ear)
    _take_unasked(ear)
    return Hearing(list(ear.found.values()), bool(_left_over(ear)))


def _whole_answer(text: str, asking: Asking, around: Around) -> Proposal | None:
    """The whole message, where one long text was asked for."""
    if len(asking.asked) != 1 or asking.asked[0].kind != "textarea" or asking.asked[0].name in asking.values:
        return None
    heard = read_slot(asking.asked[0], text, around)
    return Proposal(asking.asked[0], heard) if heard.value is not None or heard.fault else None


def _take_identifiers(ear: Ear) -> None:
    codes_asked = any(slot.kind == "code" and ear.is_open(slot) for slot in ear.asking.asked)
    for one in ear.identifiers:
        if one.kind not in _TAKES or is_denied(ear.text, one.start):
            continue
        anchor = _anchor_before(ear, one.start)
        named = _named_slots(ear, anchor)
        if named and all(slot.kind in {"code", "text"} for slot in named):
            continue  # the number of an account or certificate
        choices = [slot for slot in ear.asking.slots if slot.kind in _TAKES[one.kind]]
        slot = _pick(ear, choices, ear.role_at(one.start), named=anchor is not None)
        if slot is None or (codes_asked and anchor is None and slot not in ear.asking.asked):
            continue
        heard = Heard(fault=one.fault) if one.fault else read_slot(slot, one.value, ear.around)
        ear.take(Proposal(slot, heard, named=anchor is not None), one.start, one.end)


def _take_anchored(ear: Ear) -> None:
    for place, segment in enumerate(ear.segments):
        named = [slot for slot in _named_slots(ear, segment.anchor) if slot.name not in ear.found]
        if segment.anchor is None or not named or not ear.is_free(segment.anchor.start, segment.anchor.end):
            continue
        slot = _pick(ear, named, ear.role_at(max(segment.anchor.start, segment.anchor.end - 1)))
        if slot is None or not _is_own(ear, slot, segment) or _only_says_name(ear, slot, segment):
            continue
        start, end = segment.anchor.end, _value_end(ear, place, segment.anchor.end, slot)
        body = ear.text[start:end]
        heard = read_slot(slot, body, ear.around)
        if slot.kind == "address" and slot not in ear.asking.asked and heard.score < _LEAST["address"]:
            continue  # 寄到家里来 says no address
        if heard.value is not None or heard.fault or heard.partial:
            ear.take(Proposal(slot, heard, named=True), segment.start, end)
        elif CORRECTION.search(ear.text[segment.start : segment.end]) and slot.name in ear.asking.values:
            ear.take(Proposal(slot, NOTHING, named=True, cleared=True), segment.start, end)


def _only_says_name(ear: Ear, slot: Slot, segment: Segment) -> bool:
    """Whether a bare 叫 would rename somebody whose name is known: it names what was asked."""
    word = ear.text[segment.start : segment.anchor.end].strip() if segment.anchor else ""
    return word in {"叫", "叫做"} and slot.kind == "name" and not ear.is_open(slot) and slot not in ear.asking.asked


def _is_own(ear: Ear, slot: Slot, segment: Segment) -> bool:
    """Whether what the segment names has not been taken for another slot of the same kind already."""
    if slot.kind in {"name", *_FREE}:
        return True
    same = [one for one in ear.found.values() if one.slot.kind == slot.kind]
    return not same and ear.is_free(segment.start, segment.end)


def _value_end(ear: Ear, place: int, start: int, slot: Slot) -> int:
    """Where an anchored value ends: an address goes on over commas, a value may follow after a comma."""
    segments = ear.segments
    end = segments[place].end
    empty = not ear.text[start:end].strip()
    for following in segments[place + 1 :]:
        piece = ear.text[following.start : following.end]
        goes_on = slot.kind == "address" and has_address_word(piece) and len(piece) < 30
        if following.anchor is not None or not (empty or goes_on) or _names_weakly(ear, piece):
            break
        end, empty = following.end, False
    return end


def _names_weakly(ear: Ear, piece: str) -> bool:
    return any(slot.kind in {"date", "money", "integer"} and speaks_of_slot(piece, slot) for slot in ear.asking.slots)


def _take_weak(ear: Ear) -> None:
    """Days, numbers and choices in a clause that names their slot."""
    for place, segment in enumerate(ear.segments):
        if segment.anchor is not None and not ear.is_free(segment.start, segment.end):
            continue
        text = ear.text[segment.start : segment.end]
        for slot in _weakly_named(ear, text, segment.start):
            heard = _near(slot, text, ear.around)
            if heard == NOTHING and CORRECTION.search(text) and place + 1 < len(ear.segments):
                heard = _near(slot, ear.text[segment.start : ear.segments[place + 1].end], ear.around)
            if (heard.value is not None and heard.score >= 0.7) or heard.fault or heard.partial:
                ear.take(Proposal(slot, heard, named=True), segment.start, segment.end)


def _weakly_named(ear: Ear, text: str, start: int) -> Iterator[Slot]:
    hits: dict[str, list[tuple[int, Slot]]] = {}
    for slot in ear.asking.slots:
        span = speaks_of_slot(text, slot) if slot.kind in _WEAK and not slot.is_promise else None
        if span is not None and slot.name not in ear.found:
            hits.setdefault(slot.kind, []).append((span[1] - span[0], slot))
    for found in hits.values():
        longest = max(length for length, _ in found)
        slots = [slot for length, slot in found if length == longest]
        picked = _pick(ear, slots, ear.role_at(start + len(text) - 1)) if len(slots) > 1 else slots[0]
        if picked is not None and (
            picked.kind not in {"boolean", "choice", "choices"} or ear.is_open(picked) or CORRECTION.search(ear.text)
        ):
            yield picked


def _near(slot: Slot, text: str, around: Around) -> Heard:
    """The value nearest to where a text names the slot; only sure ones."""
    span = speaks_of_slot(text, slot) or (0, 0)
    if slot.kind == "choice":
        value, score = choose(text, slot.options, loose=False)
        return Heard(value, score) if value else NOTHING
    if slot.kind == "choices":
        values, score = choose_several(text, slot.options, loose=False)
        return Heard(values, score) if values else NOTHING
    if slot.kind == "boolean":
        said = read_statement(text, slot.label)
        return Heard(said, 0.8) if said is not None else NOTHING
    if slot.kind == "date":
        days = find_days(text, around.today, lean=lean_of(slot))
        if len(days) > 1:
            best = min(
                days, key=lambda day: abs(day.start - span[1]) if day.start >= span[1] else span[0] - day.end + 0.5
            )
            heard = heard_day(slot, best)
            return read_slot(slot, text[best.start : best.end], around) if heard.value else heard
        return read_slot(slot, text, around)
    after = read_slot(slot, text[span[1] :], around)
    return after if after.value is not None or after.fault else read_slot(slot, text, around)


def _take_asked(ear: Ear) -> None:
    """What was asked and is still open, from what is left of the message, in the order asked."""
    asked = [slot for slot in ear.asking.asked if slot.name not in ear.found]
    pieces = _left_over(ear)
    if len(ear.asking.asked) == 1 and asked and not ear.found:
        heard = read_slot(asked[0], ear.text, ear.around)
        if heard.value is not None or heard.fault or heard.partial:
            ear.take(Proposal(asked[0], heard), 0, len(ear.text))
            return
    if not asked or not pieces:
        return

    def read(slot: Slot, text: str) -> Heard:
        heard = read_slot(slot, text, ear.around)
        least = _LEAST.get(slot.kind, 0.0) if len(ear.asking.asked) > 1 else 0.0
        return heard if heard.value is None or heard.score >= least else NOTHING

    for slot, heard, start, end in align(ear.text, pieces, asked, read):
        ear.take(Proposal(slot, heard), start, end)


def _left_over(ear: Ear) -> list[Piece]:
    """The parts of the message that nothing was read from, without courtesies."""
    pieces = []
    asks_yes = any(slot.kind == "boolean" and ear.is_open(slot) for slot in ear.asking.asked)
    for segment in ear.segments:
        spans = sorted(one for one in ear.used if one[0] < segment.end and segment.start < one[1])
        if spans and segment.anchor is not None:
            spans = sorted({*spans, (segment.anchor.start, segment.anchor.end)})
        start = segment.start
        for begin, end in [*spans, (segment.end, segment.end)]:
            text = ear.text[start : max(start, begin)]
            chatter = _CHATTER.fullmatch(text) is not None and not (asks_yes and is_yes(text))
            chatter = chatter or (ear.asking.opening and _INTENT.search(text) is not None)
            if text.strip() and not chatter:
                pieces.append(Piece(start, max(start, begin)))
            start = max(start, end)
    return pieces


def _take_unasked(ear: Ear) -> None:
    """Choices named in full and booleans stated in passing; never from an answer to something else."""
    for piece in _left_over(ear):
        text = ear.text[piece.start : piece.end]
        for slot in ear.asking.slots:
            if not ear.is_open(slot) or slot.is_promise:
                continue
            value = _in_passing(slot, text, ear.asking.slots)
            if value is not None:
                ear.take(Proposal(slot, Heard(value, 0.7)), piece.start, piece.start)


def _in_passing(slot: Slot, text: str, slots: Sequence[Slot]) -> Any:
    if slot.kind == "boolean":
        return None if is_yes(text) or is_no(text) else read_statement(text, slot.label)
    if slot.kind != "choice" or slot.group or re.search(r"不|没|吗|？|\?", text):
        return None
    named = [option for option in slot.options if option.label in text and len(option.label) >= 2]
    shared = [
        other for other in slots if other is not slot and any(each.label in text for each in other.options) and named
    ]
    return named[0].value if len(named) == 1 and not shared and len(named[0].label) >= 2 else None


def _anchor_before(ear: Ear, place: int) -> Anchor | None:
    """The mention that a value here belongs to: in its clause, or at the very end of the one before."""
    before: Segment | None = None
    for segment in ear.segments:
        if segment.start <= place < segment.end:
            empty = (
                before is not None
                and before.anchor is not None
                and not ear.text[before.anchor.end : before.end].strip()
            )
            return segment.anchor or (before.anchor if before is not None and empty else None)
        before = segment
    return None


def _named_slots(ear: Ear, anchor: Anchor | None) -> list[Slot]:
    names = set(anchor.names) if anchor else set()
    return [slot for slot in ear.asking.slots if slot.name in names]


def _pick(ear: Ear, slots: Sequence[Slot], role: str | None, *, named: bool = False) -> Slot | None:
    """Which of several slots of a kind is meant: by the part named, by what was asked, by what is still empty."""
    choices = [slot for slot in slots if slot.name not in ear.found]
    own = [slot for slot in choices if slot.role == role] if role is not None else []
    if role == SELF and not own:
        own = next((found for part in _FALLBACK if (found := [one for one in choices if one.role == part])), [])
    asked = [slot for slot in choices if slot in ear.asking.asked]
    if role == SELF and any(map(ear.is_open, asked)) and not any(map(ear.is_open, own)):
        own = []
    if CORRECTION.search(ear.text) and role is None and not named:
        again = [slot for slot in choices if slot.name in ear.asking.recent]
        if again and not any(ear.is_open(slot) for slot in asked):
            return again[-1]
        own = own or again
    tests: tuple[Callable[[Slot], bool], ...] = (
        lambda slot: slot in asked and ear.is_open(slot),
        lambda slot: slot in asked,
        ear.is_open,
        lambda _slot: True,
    )
    for group in (own, asked) if role is not None else (own, asked, [one for one in choices if one.role == SELF]):
        for test in tests:
            found = [slot for slot in group if test(slot)]
            if found:
                return found[0]
    rest = [slot for slot in choices if ear.is_open(slot)] or choices
    return rest[0] if len(rest) == 1 or (rest and role is None and rest[0] in asked) else None

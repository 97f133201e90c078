"""What was read from a photographed document, put into the form: empty fields are filled, differences asked about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zhicheng.engines.dialogue.applying import Outcome, settle_values, write
from zhicheng.engines.dialogue.contradicting import said_again
from zhicheng.engines.dialogue.filling import next_turn
from zhicheng.engines.dialogue.people import SELF
from zhicheng.engines.dialogue.readers import Around, Resolve, read_slot
from zhicheng.engines.dialogue.slots import Script, Slot, fault_of, is_possible, is_visible
from zhicheng.engines.dialogue.state import READ, State, Turn
from zhicheng.engines.dialogue.wording import read_message

_SURE = 0.6
_AS_IT_IS = frozenset({"text", "textarea", "name", "code", "address"})


@dataclass(frozen=True)
class PaperReading:
    """A document that was read: `type` is the kind recognised, `fields` are as the reader gave them (dates in ISO)."""

    material: str
    label: str
    type: str
    fields: Mapping[str, str]
    confidence: float = 1.0


def merge_reading(script: Script, state: State, reading: PaperReading, *, today: date, resolve: Resolve) -> Turn:
    """Fill what is empty from a document and ask about what differs.

    Fields are those that the form links to the material (`x-document`); for an ID card and a business licence that the
    form does not link, the person's own name and number, and the company's. A reading below 60 % sure is not used.
    """
    around = Around(today, resolve)
    outcome = Outcome(state)
    if reading.confidence < _SURE:
        outcome.notes.append(f"《{reading.label}》看不太清，没有从上面取内容，请直接说，或者重新拍一张。")
        return next_turn(script, outcome)
    for slot, read in _linked(script, state, reading):
        _merge(outcome, slot, _value(slot, read, around), reading)
    settle_values(outcome, script, today)
    if outcome.changes:
        outcome.notes.append(f"以上读自《{reading.label}》，请核对。")
    elif not outcome.state.pending:
        outcome.notes.append(f"《{reading.label}》已收到，和您填的没有不一致。")
    return next_turn(script, outcome)


def _merge(outcome: Outcome, slot: Slot, value: Any, reading: PaperReading) -> None:
    held, source = outcome.state.values.get(slot.name), f"{READ}:{reading.material}"
    if value is None or value == held:
        return
    if held is None:
        write(outcome, slot, value, source=source)
    elif not _is_like(slot, held, value):
        again = said_again(slot, held, value, source=source, material=reading.label)
        outcome.state = replace(outcome.state, pending=(*outcome.state.pending, again))


def _linked(script: Script, state: State, reading: PaperReading) -> Iterator[tuple[Slot, str]]:
    """The slots that a document speaks of, with what it says; members of groups are not linked."""
    visible = [
        slot
        for slot in script.slots
        if slot.computed is None and slot.widget != "repeat" and is_possible(slot, script, state.values)
    ]
    links = [
        (slot, reading.fields[name])
        for slot in visible
        for material, name in slot.documents
        if material == reading.material and reading.fields.get(name)
    ]
    yield from links
    if not links:
        asked = [slot for slot in visible if slot.name in state.asked]
        shown = [slot for slot in visible if is_visible(slot, script, state.values)]
        yield from _usual(asked, shown, state, reading)


def _usual(asked: list[Slot], shown: list[Slot], state: State, reading: PaperReading) -> Iterator[tuple[Slot, str]]:
    """What an ID card or business licence means in a form that does not say so: who was asked about, else oneself."""
    for name, kinds, role in _USUAL.get(reading.type, ()):
        read = reading.fields.get(name, "")
        named = [slot for slot in asked if slot.kind in kinds and slot.name not in state.values]
        own = [slot for slot in shown if slot.kind in kinds and slot.role == role]
        found = named or own
        if read and found:
            yield found[0], read


_USUAL: Mapping[str, tuple[tuple[str, frozenset[str], str], ...]] = {
    "id_card": (
        ("name", frozenset({"name"}), SELF),
        ("number", frozenset({"id_number", "papers"}), SELF),
    ),
    "business_licence": (
        ("number", frozenset({"uscc"}), SELF),
        ("representative", frozenset({"name"}), "legal"),
    ),
}


def _value(slot: Slot, read: str, around: Around) -> Any:
    """What a document says as the slot's value; None where it does not fit."""
    if slot.kind in _AS_IT_IS:
        value: Any = " ".join(read.split())
    else:
        value = read_slot(slot, read_message(read), around).value
    if value is None or fault_of(slot, value, around.today):
        return None
    return value


def _is_like(slot: Slot, held: Any, value: Any) -> bool:
    """Whether two texts mean the same: documents write addresses longer or shorter than people."""
    one, other = (_plain(str(each)) for each in (held, value))
    if slot.kind == "address":
        return one in other or other in one
    return one == other


def _plain(text: str) -> str:
    return "".join(character for character in read_message(text).upper() if character.isalnum())

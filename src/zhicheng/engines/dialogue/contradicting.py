"""Values that cannot both be right: a field said twice, an ID number against a birth date or a sex."""

import re
from collections.abc import Iterator
from typing import Any

from zhicheng.engines.dialogue.identifiers import birth_date_of, sex_of
from zhicheng.engines.dialogue.slots import Script, Slot, Values, visible_slots
from zhicheng.engines.dialogue.state import PERSON, Contradiction
from zhicheng.engines.dialogue.wordings import day_in_words, in_words

ASKED_ABOUT = frozenset({"name", "id_number", "papers", "phone", "uscc", "email", "date"})
"""Kinds of which a second, different value is asked about; others are simply replaced."""

_NEW = re.compile(r"第二|后面|后一|后者|新|这次|刚才|刚刚|现在这|最后|改成?后|后来")
_OLD = re.compile(r"第一|前面|前一|前者|旧|原来|之前|原先|先前|不改|开始")


def said_again(slot: Slot, old: Any, new: Any, *, source: str = PERSON, material: str = "") -> Contradiction:
    """A field that has two different values now; `material` is the label of the document that says the new one."""
    where = f"材料《{material}》上的" if material else "您这次说的"
    before, after = in_words(slot, old), in_words(slot, new)
    text = f"{slot.label}前面填的是{before}，{where}是{after}。改成{after}吗？"
    return Contradiction("again", (slot.name,), old, new, text, source)


def find_contradictions(script: Script, values: Values) -> Iterator[Contradiction]:
    """ID numbers that say another birth date or sex than the form, for the same person."""
    slots = [slot for slot in visible_slots(script, values) if slot.name in values and slot.computed is None]
    for number in (slot for slot in slots if slot.kind in {"id_number", "papers"}):
        said = str(values[number.name])
        born = birth_date_of(said)
        for other in (slot for slot in slots if _is_same_person(number, slot)):
            stated = values[other.name]
            if other.kind == "date" and "出生日期" in other.label and born and born.isoformat() != stated:
                yield _about(number, other, stated, born.isoformat())
            elif "性别" in other.label and born and stated in {"male", "female"} and sex_of(said) != stated:
                yield _about(number, other, stated, sex_of(said))


def which(text: str) -> bool | None:
    """Whether an answer chooses the newer of two values; None where it says neither."""
    if _OLD.search(text):
        return False
    return True if _NEW.search(text) else None


def _is_same_person(one: Slot, other: Slot) -> bool:
    if one.group or other.group:
        return one.name.rpartition(".")[0] == other.name.rpartition(".")[0]
    return one.role == other.role


def _about(number: Slot, other: Slot, stated: Any, follows: Any) -> Contradiction:
    kind = "birth_date" if other.kind == "date" else "sex"
    says = day_in_words(follows) if kind == "birth_date" else in_words(other, follows)
    text = (
        f"{number.label}上的{'出生日期' if kind == 'birth_date' else '性别'}是{says}，"
        f"{other.label}填的是{in_words(other, stated)}。以身份证号码为准吗？不是的话，请重新说正确的一项。"
    )
    return Contradiction(kind, (number.name, other.name), stated, follows, text)

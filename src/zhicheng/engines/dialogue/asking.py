"""What to ask next: the first open questions of the form, several at once where their answers cannot be confused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zhicheng.engines.dialogue import wordings
from zhicheng.engines.dialogue.slots import (
    Group,
    Script,
    Slot,
    count_members,
    is_visible,
    member_slots,
    visible_slots,
)
from zhicheng.engines.dialogue.state import ANY, ASK, MORE, REVIEW, Question, State

MOST_ASKED = 3
"""A field is asked this often at most; then the ordinary form is offered."""

_TOGETHER, _ALONE = 4, 2  # so many at once; what was missed so often is asked alone
_CLASSES = {
    "papers": "id_number",
    "division": "address",
    "money": "integer",
    "choices": "choice",
    "textarea": "textarea",
}


@dataclass(frozen=True)
class Next:
    """What comes next: the state with what is asked, the words, and the questions as data."""

    state: State
    text: str
    questions: tuple[Question, ...] = ()
    draft: tuple[tuple[str, str], ...] = ()


def find_next(script: Script, state: State) -> Next:
    """The next question; the draft where nothing is left to ask."""
    if state.pending:
        first = state.pending[0]
        questions = tuple(
            Question(name, _label(script, name), first.text, kind="contradiction") for name in first.names
        )
        return Next(replace(state, asked=first.names, mode=ASK), first.text, questions)
    half = [name for name in state.partial if name not in state.values and _is_live(script, state, name)]
    if half:
        slot = script.slot(half[0])
        if slot is not None:
            text = wordings.ask_rest_of_day(slot, state.partial[half[0]])
            return Next(replace(state, asked=(slot.name,), mode=ASK), text, (wordings.field_question(slot),))
    found = _ask_fields(script, state) or _ask_promises(script, state)
    return found or _review(script, state)


def open_slots(script: Script, state: State) -> Iterator[Slot]:
    """What is still to be asked, in the form's order; a group stands for its next step."""
    for slot in script.slots:
        if not is_visible(slot, script, state.values) or slot.computed is not None:
            continue
        if slot.widget == "repeat":
            yield from _group_slots(script.groups[slot.name], script, state)
        elif is_open(slot, state) and not slot.is_promise:
            yield slot


def is_open(slot: Slot, state: State) -> bool:
    """Whether a slot has no value and has not been given up."""
    return not any(slot.name in names for names in (state.values, state.passed, state.stuck))


def members_of(group: Group, state: State) -> int:
    """How many members are begun."""
    return max(state.members.get(group.slot.name, 0), count_members(group.slot.name, state.values))


def missing(script: Script, state: State) -> list[Slot]:
    """Required slots that have no value and were given up on."""
    slots = [one for one in visible_slots(script, state.values) if one.required and one.computed is None]
    few = [
        group.slot
        for group in script.groups.values()
        if is_visible(group.slot, script, state.values) and count_members(group.slot.name, state.values) < group.least
    ]
    return [one for one in slots if one.name not in state.values] + few


def draft_of(script: Script, state: State) -> tuple[tuple[str, str], ...]:
    """The draft as pairs of label and words, in the form's order."""
    rows: list[tuple[str, str]] = []
    for slot in script.slots:
        if not is_visible(slot, script, state.values):
            continue
        if slot.widget != "repeat":
            rows += [(slot.label, _words(slot, state))] if slot.name in state.values else []
            continue
        group = script.groups[slot.name]
        for index in range(count_members(slot.name, state.values)):
            inner = [one for one in member_slots(group, index) if one.name in state.values]
            words = "，".join(f"{one.label} {_words(one, state)}" for one in inner)
            rows.append((f"{group.item_label} {index + 1}", words))
    return tuple(rows)


def _words(slot: Slot, state: State) -> str:
    return state.words.get(slot.name) or wordings.in_words(slot, state.values[slot.name])


def _group_slots(group: Group, script: Script, state: State) -> Iterator[Slot]:
    for index in range(members_of(group, state)):
        for slot in member_slots(group, index):
            if is_visible(slot, script, state.values) and is_open(slot, state):
                yield slot
    if group.slot.name not in state.closed:
        yield group.slot


def _ask_fields(script: Script, state: State) -> Next | None:
    everything = list(open_slots(script, state))
    waiting = [slot for slot in everything if slot.name not in state.later] or everything
    if not waiting:
        return None
    if waiting[0].widget == "repeat":
        return _ask_group(script, state, script.groups[waiting[0].name])
    slots = _together(waiting, state)
    owner = _owner(script, slots[0])
    text = wordings.ask_together(slots, script, owner)
    questions = tuple(wordings.field_question(slot) for slot in slots)
    return Next(replace(state, asked=tuple(slot.name for slot in slots), mode=ASK), text, questions)


def _ask_group(script: Script, state: State, group: Group) -> Next:
    name, count = group.slot.name, members_of(group, state)
    if count < group.least:
        begun = replace(state, members={**state.members, name: count + 1})
        found = _ask_fields(script, begun)
        return found or Next(begun, "")
    mode, text = (MORE, wordings.ask_more(group, count)) if count else (ANY, wordings.ask_any(group))
    if count >= group.most:
        return find_next(script, replace(state, closed=(*state.closed, name)))
    question = Question(name, group.slot.label, text, kind=mode, optional=True)
    return Next(replace(state, asked=(name,), mode=mode), text, (question,))


def _ask_promises(script: Script, state: State) -> Next | None:
    """What only needs a yes is asked together, last."""
    slots = [
        one for one in script.slots if one.is_promise and is_visible(one, script, state.values) and is_open(one, state)
    ]
    if not slots:
        return None
    names = tuple(slot.name for slot in slots)
    questions = tuple(wordings.field_question(slot) for slot in slots)
    return Next(replace(state, asked=names, mode=ASK), wordings.ask_together(slots, script), questions)


def _review(script: Script, state: State) -> Next:
    draft, lacking = draft_of(script, state), missing(script, state)
    listed = "\n".join(f"{label}：{words}" for label, words in draft)
    if lacking:
        labels = "、".join(slot.label for slot in lacking)
        text = f"已经记下：\n{listed}\n还缺：{labels}。您可以现在补充，也可以打开表单填写。"
    else:
        text = f"请核对：\n{listed}\n都对的话请说“确认提交”；要改哪一项，直接说，例如“电话改成……”。"
    question = Question("", "提交", text, kind="submit")
    return Next(replace(state, asked=(), mode=REVIEW), text, (question,), draft)


def _together(waiting: Sequence[Slot], state: State) -> list[Slot]:
    """The first open slot with its neighbours that can be told apart in one answer."""
    first = waiting[0]
    slots, classes = [first], [_class(first)]
    if first.kind == "textarea" or state.tries.get(first.name, 0) >= _ALONE:
        return slots
    prefix = first.name.rpartition(".")[0]
    for slot in waiting[1:]:
        if slot.widget == "repeat" or slot.section != first.section or slot.name.rpartition(".")[0] != prefix:
            break
        if len(slots) == _TOGETHER or slot.kind == "textarea" or state.tries.get(slot.name, 0) >= _ALONE:
            break
        if _class(slot) in classes and not _is_pair(slots[-1], slot):
            break
        slots.append(slot)
        classes.append(_class(slot))
    return slots


def _class(slot: Slot) -> str:
    return _CLASSES.get(slot.kind, slot.kind)


def _is_pair(one: Slot, other: Slot) -> bool:
    """Two days of one stretch, or two questions that are answered yes or no."""
    if one.kind == other.kind == "date":
        return ("开始" in one.label and "结束" in other.label) or ("开始" in one.label and "截止" in other.label)
    return one.kind == other.kind == "boolean"


def _owner(script: Script, slot: Slot) -> str:
    """Which member of a group is asked about."""
    first, _, rest = slot.name.partition(".")
    group = script.groups.get(first)
    if not rest or group is None:
        return ""
    return f"{group.item_label}（第 {int(rest.partition('.')[0]) + 1} 个）："


def _is_live(script: Script, state: State, name: str) -> bool:
    slot = script.slot(name)
    return slot is not None and is_visible(slot, script, state.values) and is_open(slot, state)


def _label(script: Script, name: str) -> str:
    slot = script.slot(name)
    return slot.label if slot else name


__all__ = [
    "ANY",
    "MORE",
    "MOST_ASKED",
    "Next",
    "draft_of",
    "find_next",
    "is_open",
    "members_of",
    "missing",
    "open_slots",
]

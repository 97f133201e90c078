"""Filling a form by talking: one message in, one turn out. Deterministic; no model, no clock, no I/O.

`begin` asks the first question, `fill` takes every message after it. A value is written only where it fits the schema;
nothing is submitted without a yes to the draft that was shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from zhicheng.engines.dialogue import acts, wordings
from zhicheng.engines.dialogue.applying import Outcome, apply, count_unanswered, drop, key_of, settle_values, write
from zhicheng.engines.dialogue.asking import draft_of, find_next, members_of, missing, open_slots
from zhicheng.engines.dialogue.contradicting import which
from zhicheng.engines.dialogue.days import complete_day
from zhicheng.engines.dialogue.ear import Asking
from zhicheng.engines.dialogue.hearing import Hearing, hear
from zhicheng.engines.dialogue.options import choose
from zhicheng.engines.dialogue.own_words import CORRECTION
from zhicheng.engines.dialogue.polarity import is_no, is_yes
from zhicheng.engines.dialogue.readers import Around, Heard, Resolve
from zhicheng.engines.dialogue.slots import (
    Script,
    Slot,
    compute,
    count_members,
    fault_of,
    flat,
    is_possible,
    is_visible,
    member_slots,
)
from zhicheng.engines.dialogue.state import ANY, ASK, LEFT, MORE, REVIEW, SUBMITTED, Contradiction, State, Turn
from zhicheng.engines.dialogue.wording import read_message

_ACKNOWLEDGED = 6
_WORDS_TAKEN_AS_THEY_ARE = frozenset({"text", "textarea", "address", "code", "name"})  # 不知道 is none of them


def begin(script: Script, *, today: date, values: Mapping[str, Any] | None = None) -> Turn:
    """The first question. `values` are those of a draft (nested), which are not asked again."""
    known = flat(values or {})
    closed = tuple(name for name in script.groups if count_members(name, known))
    state = State(values=known | compute(script, known, today), closed=closed)
    return next_turn(script, Outcome(state))


def fill(script: Script, state: State, message: str, *, today: date, resolve: Resolve) -> Turn:
    """What a message changes, what contradicts, what is asked next.

    `resolve(kind, text)` gives a division's code (`division`), its name (`division_name`), or an address's text
    (`address`); None where it knows none.
    """
    around, text = Around(today, resolve), read_message(message)
    state = replace(state, turns=state.turns + 1, mode=ASK if state.mode == LEFT else state.mode)
    act = acts.find_act(text)
    if state.mode == SUBMITTED:
        return Turn(state, "这份申请已经确认提交，不能再改。", done=True)
    if act == acts.STOP:
        left = replace(state, mode=LEFT)
        return Turn(left, "好的，填的内容保存在草稿里，随时可以接着填，也可以打开表单填。", left=True)
    if act in {acts.WHY, acts.SHOW} or not text:
        return _explain(script, state, act)
    if state.pending:
        return _settle(script, state, text, around)
    if state.mode == REVIEW and (is_yes(text) or act == acts.SUBMIT):
        return _submit(script, state)
    if act == acts.SUBMIT:
        return _not_yet(script, state)
    if state.mode in {ANY, MORE}:
        return _fill_member(script, state, text, around)
    return _fill_fields(script, state, text, around)


def _fill_fields(script: Script, state: State, text: str, around: Around) -> Turn:
    asked = _asked(script, state)
    act = acts.find_act(text)
    outcome, has_more = _rest_of_day(script, state, asked, (text, act), around), False
    if outcome is None:
        wanted = asked or [slot for slot in missing(script, state) if slot.widget != "repeat"]
        hearing = _hear(script, state, wanted, text, around)
        proposals, has_more = hearing.proposals, hearing.has_more
        if act in {acts.SKIP, acts.UNSURE}:
            proposals = [one for one in proposals if one.slot.kind not in _WORDS_TAKEN_AS_THEY_ARE]
        outcome = apply(script, state, proposals, correcting=bool(CORRECTION.search(text)), today=around.today)
        _hear_more(outcome, script, text, around, before=state)
        if not proposals:
            _correct_choice(outcome, script, text, around)
    skipping = act in {acts.SKIP, acts.UNSURE} or (is_no(text) and not outcome.touched)
    count_unanswered(outcome, asked, skipping=skipping, unclear=has_more)
    if state.mode == REVIEW and not outcome.touched and not outcome.notes:
        outcome.notes.append("请说要改哪一项、改成什么；没有要改的，请说“确认提交”。")
    elif asked and not outcome.touched and not outcome.notes and not skipping and not outcome.state.pending:
        outcome.notes.append("不好意思，没有听明白。")
    return next_turn(script, outcome)


def _fill_member(script: Script, state: State, text: str, around: Around) -> Turn:
    """The answer to whether a group has a (further) member; the member's own values may come with it."""
    name = state.asked[0]
    group = script.groups[name]
    index = members_of(group, state)
    begun = replace(state, members={**state.members, name: index + 1}, mode=ASK)
    if is_no(text) or acts.find_act(text) in {acts.SKIP, acts.UNSURE}:
        return next_turn(script, Outcome(replace(state, closed=(*state.closed, name), mode=ASK)))
    if is_yes(text):
        return next_turn(script, Outcome(begun))
    slots = [slot for slot in member_slots(group, index) if is_visible(slot, script, state.values)]
    proposals = _hear(script, begun, slots, text, around).proposals
    own = [one for one in proposals if one.slot.name.startswith(f"{name}.{index}.")]
    if own:
        outcome = apply(script, begun, proposals, correcting=False, today=around.today)
        return next_turn(script, outcome)
    outcome = apply(script, state, proposals, correcting=bool(CORRECTION.search(text)), today=around.today)
    tries = state.tries.get(name, 0) + (0 if proposals else 1)
    closed = (*state.closed, name) if tries >= 2 else state.closed
    outcome.state = replace(outcome.state, tries={**outcome.state.tries, name: tries}, closed=closed)
    return next_turn(script, outcome)


def _settle(script: Script, state: State, text: str, around: Around) -> Turn:
    """The answer to a contradiction: a value said anew, yes, no, the former, the latter."""
    about = state.pending[0]
    asked = [slot for name in about.names if (slot := script.slot(name)) is not None]
    rest = replace(state, pending=state.pending[1:], settled=(*state.settled, key_of(about)))
    proposals = _hear(script, rest, asked, text, around).proposals
    chooses = about.kind == "again" and which(text) is not None and asked[0].kind == "name"
    if not chooses and any(one.slot in asked and one.heard.value is not None for one in proposals):
        again = replace(rest, settled=tuple(one for one in rest.settled if one != key_of(about)))
        if state.tries.get(key_of(about), 0) >= 1:
            again = rest
        again = replace(again, tries={**rest.tries, key_of(about): state.tries.get(key_of(about), 0) + 1})
        return next_turn(script, apply(script, again, proposals, correcting=True, today=around.today))
    outcome = Outcome(rest)
    choice = which(text)
    accepts = choice if choice is not None else True if _accepts(text, about) else False if is_no(text) else None
    if accepts is None and state.tries.get(key_of(about), 0) < 1:
        waiting = replace(state, tries={**state.tries, key_of(about): 1})
        return next_turn(script, Outcome(waiting, notes=["请说是或者不是，也可以把正确的再说一遍。"]))
    _decide(outcome, about, asked, accepts=bool(accepts))
    settle_values(outcome, script, around.today)
    return next_turn(script, outcome)


def _accepts(text: str, about: Contradiction) -> bool:
    return is_yes(text) or (about.kind != "again" and "身份证" in text and "不" not in text)


def _decide(outcome: Outcome, about: Contradiction, asked: Sequence[Slot], *, accepts: bool) -> None:
    if accepts:
        write(outcome, asked[-1], about.new, source=about.source)
    elif about.kind != "again":
        drop(outcome, asked[0].name)
        outcome.state = replace(
            outcome.state, settled=tuple(one for one in outcome.state.settled if one != key_of(about))
        )
        outcome.notes.append(f"那请再核对一下{asked[0].label}。")


def _rest_of_day(
    script: Script, state: State, asked: Sequence[Slot], said: tuple[str, str], around: Around
) -> Outcome | None:
    """The rest of a day of which the month or year is known; None where that is not what was asked."""
    text, act = said
    if len(asked) != 1 or asked[0].name not in state.partial:
        return None
    slot, partial = asked[0], state.partial[asked[0].name]
    whole = complete_day(partial, text)
    if act != acts.UNSURE and not (whole and len(whole) == 10):
        proposals = _hear(script, state, asked, text, around).proposals
        heard = next((one.heard for one in proposals if one.slot.name == slot.name), Heard())
        if heard.value is not None or (heard.partial and heard.partial != partial):
            return apply(script, state, proposals, correcting=True, today=around.today)
    outcome = Outcome(state)
    if whole and len(whole) < 10:
        outcome.touched.add(slot.name)
        outcome.state = replace(state, partial={**state.partial, slot.name: whole})
        return outcome
    if not whole and (act == acts.UNSURE or state.tries.get(slot.name, 0) >= 1 or partial in text):
        whole = f"{partial}-01" if len(partial) == 7 else f"{partial}-01-01"
        outcome.notes.append(f"{slot.label}先按{wordings.day_in_words(whole)}填，您可以再改。")
    fault = fault_of(slot, whole, around.today) if whole else ""
    if fault:
        drop(outcome, slot.name)
        outcome.notes.append(fault)
    elif whole:
        write(outcome, slot, whole)
    settle_values(outcome, script, around.today)
    return outcome


def _hear_more(outcome: Outcome, script: Script, text: str, around: Around, *, before: State) -> None:
    """What the message says for fields that only its other answers have made necessary."""
    known = {slot.name for slot in _fillable(script, before)}
    new = [slot for slot in _fillable(script, outcome.state) if slot.name not in known]
    if not new:
        return
    proposals = hear(text, Asking(script, outcome.state.values, tuple(new)), around).proposals
    named = [one for one in proposals if one.named and one.heard.value is not None]
    more = apply(script, outcome.state, named, correcting=False, today=around.today)
    outcome.state = more.state
    outcome.changes += more.changes
    outcome.touched |= more.touched


def _correct_choice(outcome: Outcome, script: Script, text: str, around: Around) -> None:
    """改成邮寄: a correction that names nothing but the new option."""
    if not CORRECTION.search(text):
        return
    filled = [slot for slot in _fillable(script, outcome.state) if slot.name in outcome.state.values]
    for slot in sorted(filled, key=lambda slot: slot.name not in outcome.state.recent):
        value, score = choose(text, slot.options, loose=False) if slot.kind == "choice" else ("", 0.0)
        if score >= 0.9 and value != outcome.state.values[slot.name]:
            write(outcome, slot, value)
            settle_values(outcome, script, around.today)
            return


def _submit(script: Script, state: State) -> Turn:
    lacking = missing(script, state)
    if lacking:
        labels = "、".join(slot.label for slot in lacking)
        note = f"还缺{labels}，补上以后才能提交。您可以直接说，也可以打开表单填写。"
        return next_turn(script, Outcome(state, notes=[note], offers=["form"]))
    said = replace(state, mode=SUBMITTED, asked=())
    return Turn(said, "好的，按这份内容提交。", draft=draft_of(script, state), done=True)


def _not_yet(script: Script, state: State) -> Turn:
    """What stands between a wish to submit and the draft: the questions that are still open."""
    labels = "、".join(slot.label for slot in open_slots(script, state))
    note = f"提交之前还要填：{labels}。不想填的可以说“跳过”。" if labels else ""
    return next_turn(script, Outcome(state, notes=[note] if note else []))


def _explain(script: Script, state: State, act: str) -> Turn:
    asked = _asked(script, state)
    if act == acts.WHY and asked:
        notes = ["\n".join(wordings.why(slot) for slot in asked)]
    elif act == acts.SHOW:
        listed = "\n".join(f"{label}：{words}" for label, words in draft_of(script, state))
        notes = [f"目前记下的：\n{listed}" if listed else "还没有记下内容。"]
    else:
        notes = [] if act else ["没有收到内容，请再说一遍。"]
    return next_turn(script, Outcome(state, notes=notes))


def _hear(script: Script, state: State, asked: Sequence[Slot], text: str, around: Around) -> Hearing:
    slots = _fillable(script, state)
    known = {slot.name for slot in slots}
    slots += [slot for slot in asked if slot.name not in known]
    asking = Asking(script, state.values, tuple(slots), tuple(asked), state.recent, state.turns <= 1)
    return hear(text, asking, around)


def _fillable(script: Script, state: State) -> list[Slot]:
    """Slots that may be filled now, whether asked or not: also those whose condition is still open."""
    found: list[Slot] = []
    for slot in script.slots:
        if slot.computed is not None or not is_possible(slot, script, state.values):
            continue
        if slot.widget != "repeat":
            found.append(slot)
            continue
        group = script.groups[slot.name]
        for index in range(members_of(group, state)):
            found += [one for one in member_slots(group, index) if is_possible(one, script, state.values)]
    return found


def _asked(script: Script, state: State) -> list[Slot]:
    slots = (script.slot(name) for name in state.asked)
    return [slot for slot in slots if slot is not None and slot.widget != "repeat"]


def next_turn(script: Script, outcome: Outcome) -> Turn:
    """The turn that asks what comes next."""
    recent = tuple(change.name for change in outcome.changes) or outcome.state.recent
    following = find_next(script, replace(outcome.state, recent=recent))
    said = [_acknowledge(outcome), *outcome.notes, following.text]
    return Turn(
        following.state,
        "\n".join(part for part in said if part),
        changes=tuple(outcome.changes),
        contradictions=following.state.pending,
        questions=following.questions,
        draft=following.draft,
        notes=tuple(outcome.notes),
        offers=tuple(dict.fromkeys(outcome.offers)),
    )


def _acknowledge(outcome: Outcome) -> str:
    if not outcome.changes:
        return ""
    parts = [f"{change.label} {change.words}" for change in outcome.changes[:_ACKNOWLEDGED]]
    more = f"等 {len(outcome.changes)} 项" if len(outcome.changes) > _ACKNOWLEDGED else ""
    return f"记下了：{'；'.join(parts)}{more}。"

"""From what was heard to the next state: values are written, doubts noted, unanswered questions counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from zhicheng.engines.dialogue.asking import MOST_ASKED
from zhicheng.engines.dialogue.contradicting import ASKED_ABOUT, find_contradictions, said_again
from zhicheng.engines.dialogue.ear import Proposal
from zhicheng.engines.dialogue.slots import Script, Slot, compute
from zhicheng.engines.dialogue.state import PERSON, REVIEW, Change, Contradiction, State
from zhicheng.engines.dialogue.wordings import in_words


@dataclass
class Outcome:
    """What applying a message's proposals came to."""

    state: State
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)


def apply(script: Script, state: State, proposals: Sequence[Proposal], *, correcting: bool, today: date) -> Outcome:
    """Write what was heard; a second value for a field is asked about, unless it is said as a correction."""
    outcome = Outcome(state)
    for proposal in proposals:
        _apply_one(outcome, proposal, correcting=correcting or state.mode == REVIEW)
    settle_values(outcome, script, today)
    return outcome


def settle_values(outcome: Outcome, script: Script, today: date) -> None:
    """Compute what follows from the values, and note what contradicts."""
    state = outcome.state
    own = {name: value for name, value in state.values.items() if not _is_computed(script, name)}
    values = own | compute(script, own, today)
    pending = list(state.pending)
    for one in find_contradictions(script, values):
        if key_of(one) not in state.settled and not any(set(one.names) <= set(other.names) for other in pending):
            pending.append(one)
    outcome.state = replace(state, values=values, pending=tuple(pending))


def write(outcome: Outcome, slot: Slot, value: Any, *, source: str = PERSON, words: str = "") -> None:
    """Write one value; `words` say it where it is a code."""
    state = outcome.state
    was = state.values.get(slot.name)
    outcome.changes.append(Change(slot.name, slot.label, value, words or in_words(slot, value), was))
    outcome.touched.add(slot.name)
    outcome.state = replace(
        state,
        values={**state.values, slot.name: value},
        sources={**state.sources, slot.name: source},
        words={**state.words, slot.name: words} if words else state.words,
        partial=_without(state.partial, slot.name),
        passed=tuple(name for name in state.passed if name != slot.name),
        stuck=tuple(name for name in state.stuck if name != slot.name),
    )


def drop(outcome: Outcome, name: str) -> None:
    """Take a value back, so that it is asked again."""
    state = outcome.state
    outcome.touched.add(name)
    outcome.state = replace(
        state,
        values=_without(state.values, name),
        sources=_without(state.sources, name),
        partial=_without(state.partial, name),
        stuck=tuple(one for one in state.stuck if one != name),
    )


def count_unanswered(outcome: Outcome, asked: Sequence[Slot], *, skipping: bool, unclear: bool) -> None:
    """What was asked and not answered: optional fields are passed over, required ones asked again, but not for ever.

    `unclear`: part of the message was not understood; it may have been meant for an optional field.
    """
    answered = any(slot.name in outcome.touched for slot in asked)
    if outcome.state.turns <= 1 and not answered and not skipping:
        return  # the first message may only say what the person wants
    pending = {name for one in outcome.state.pending for name in one.names}
    for slot in asked:
        if slot.name in outcome.touched or slot.name in pending or slot.name in outcome.state.values:
            continue
        tries = outcome.state.tries.get(slot.name, 0) + 1
        outcome.state = replace(outcome.state, tries={**outcome.state.tries, slot.name: tries})
        if not slot.required and (skipping or (answered and not unclear) or tries >= 2):
            outcome.state = replace(outcome.state, passed=(*outcome.state.passed, slot.name))
        elif slot.required:
            _count_required(outcome, slot, tries, skipping=skipping)


def key_of(one: Contradiction) -> str:
    """What a contradiction is about, so that it is not asked about for ever."""
    return f"{one.kind}:{','.join(one.names)}"


def _count_required(outcome: Outcome, slot: Slot, tries: int, *, skipping: bool) -> None:
    state = outcome.state
    if tries >= MOST_ASKED or (skipping and slot.name in state.later):
        outcome.state = replace(state, stuck=(*state.stuck, slot.name))
        outcome.offers.append("form")
        outcome.notes.append(f"“{slot.label}”先放一放，您可以打开表单自己填这一项，我们接着往下。")
    elif skipping:
        outcome.state = replace(state, later=(*state.later, slot.name))
        outcome.notes.append(f"“{slot.label}”是必填的，先跳过，最后再问您。")


def _apply_one(outcome: Outcome, proposal: Proposal, *, correcting: bool) -> None:
    slot, heard, state = proposal.slot, proposal.heard, outcome.state
    known = slot.name in state.values
    if proposal.cleared:
        drop(outcome, slot.name)
    elif heard.fault:
        outcome.notes.append(heard.fault)
    elif heard.partial:
        if known and not correcting:
            return
        drop(outcome, slot.name)
        outcome.state = replace(outcome.state, partial={**outcome.state.partial, slot.name: heard.partial})
    elif heard.value is None or (known and state.values[slot.name] == heard.value):
        outcome.touched.add(slot.name)
    elif known and not correcting and slot.kind in ASKED_ABOUT:
        again = said_again(slot, state.values[slot.name], heard.value)
        outcome.state = replace(state, pending=(*state.pending, again))
    elif not known or correcting or proposal.named:
        write(outcome, slot, heard.value, words=heard.words)


def _is_computed(script: Script, name: str) -> bool:
    slot = script.slot(name)
    return slot is not None and slot.computed is not None


def _without(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}

"""One message as it is read: what it holds, where it is cut, what was taken from it so far."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from zhicheng.engines.dialogue.days import find_days
from zhicheng.engines.dialogue.identifiers import CODE, Identifier, find_identifiers
from zhicheng.engines.dialogue.naming import Anchor, find_anchors
from zhicheng.engines.dialogue.people import Mention, find_roles
from zhicheng.engines.dialogue.readers import Around, Heard
from zhicheng.engines.dialogue.slots import Script, Slot, Values

_BREAK = re.compile(r"[，,。；;！!？?\n\t]+|(?<=[\u4e00-\u9fff]) +(?=\w)|(?<=\w) +(?=[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Asking:
    """What is known when a message comes: the slots that may be filled, those asked last, those filled last.

    `opening`: it is the first message, which may say what the person wants rather than answer.
    """

    script: Script
    values: Values
    slots: tuple[Slot, ...]
    asked: tuple[Slot, ...] = ()
    recent: tuple[str, ...] = ()
    opening: bool = False


@dataclass(frozen=True)
class Proposal:
    """What was heard for one slot. `named`: the message named the slot; `cleared`: it is wrong, nothing new is said."""

    slot: Slot
    heard: Heard
    named: bool = False
    cleared: bool = False


@dataclass
class Ear:
    """Reads one message; each step takes what the steps before have left."""

    text: str
    asking: Asking
    around: Around
    found: dict[str, Proposal] = field(default_factory=dict)
    used: list[tuple[int, int]] = field(default_factory=list)

    @cached_property
    def roles(self) -> list[Mention]:
        """Whom it speaks of, of those that have a slot."""
        return find_roles(self.text, frozenset(slot.role for slot in self.asking.slots if slot.role))

    @cached_property
    def identifiers(self) -> list[Identifier]:
        """Numbers that can only be one thing."""
        return find_identifiers(self.text, self.around.today)

    @cached_property
    def segments(self) -> list["Segment"]:
        """Clauses, cut again before each strong mention."""
        whole = self._options_said()
        anchors = [
            one
            for one in find_anchors(self.text, self.asking.slots, self.roles)
            if not any(start <= one.start < end for start, end in whole)
        ]
        cuts = {one.start: one for one in anchors}
        bounds = sorted({0, len(self.text), *cuts, *(edge for one in self._breaks() for edge in one)})
        breaks = {start for start, _ in self._breaks()}
        pairs = pairwise(bounds)
        return [Segment(start, end, cuts.get(start)) for start, end in pairs if start not in breaks or start in cuts]

    def _options_said(self) -> list[tuple[int, int]]:
        """Clauses that are an option of what was asked, word for word: they name nothing else."""
        labels = {option.label for slot in self.asking.asked for option in slot.options}
        clauses = re.finditer(r"[^，,。；;！!？?\s]+", self.text)
        return [clause.span() for clause in clauses if clause[0] in labels]

    def _breaks(self) -> list[tuple[int, int]]:
        inside = [(one.start, one.end) for one in self.identifiers if one.kind != CODE]
        inside += [(one.start, one.end) for one in find_days(self.text, self.around.today)]
        spans = [found.span() for found in _BREAK.finditer(self.text)]
        return [span for span in spans if not any(start < span[0] and span[1] < end for start, end in inside)]

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing was taken from here yet."""
        return not any(one < end and start < other for one, other in self.used)

    def role_at(self, place: int) -> str | None:
        """Who the text speaks of here; None where nobody was named before."""
        before = [one for one in self.roles if one.start <= place]
        return before[-1].role if before else None

    def take(self, proposal: Proposal, start: int, end: int) -> None:
        """Put down what was heard here."""
        self.found[proposal.slot.name] = proposal
        self.used.append((start, end))

    def is_open(self, slot: Slot) -> bool:
        """Whether neither this message nor an earlier one gave a value."""
        return slot.name not in self.asking.values and slot.name not in self.found


@dataclass(frozen=True)
class Segment:
    """A clause; `anchor`: what it begins by naming."""

    start: int
    end: int
    anchor: Anchor | None

"""What is not answered like a question: orders to the machine, other people's data, abuse, what the law keeps out.

The classes with their words are pack data. What is found in a document is left out of answers; what is found in a
question is answered by the sentence of its class.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from zhicheng.apps.assistant.policy.plain import plain
from zhicheng.apps.assistant.values import LONGEST, GuardClass

TOO_LONG = "too_long"


@dataclass(frozen=True)
class Finding:
    """Which class of the guard a text falls into; `blocks` ends the answering."""

    guard: GuardClass
    blocks: bool


def inspect(text: str, guards: Sequence[GuardClass], *, longest: int = LONGEST) -> Finding | None:
    """The first class that a message falls into; None for an ordinary one."""
    if len(text) > longest:
        return Finding(_too_long(len(text), longest), blocks=True)
    bare = plain(text)
    for guard in guards:
        if _matches(guard, text, bare):
            return Finding(guard, blocks=guard.action == "refuse")
    return None


def without_instructions(texts: Iterable[str], guards: Sequence[GuardClass]) -> tuple[list[str], int]:
    """Sentences of a document without those that speak to the machine, and how many were left out."""
    kept, dropped = [], 0
    inside = [guard for guard in guards if guard.in_documents]
    for text in texts:
        if any(_matches(guard, text, plain(text)) for guard in inside):
            dropped += 1
        else:
            kept.append(text)
    return kept, dropped


def _matches(guard: GuardClass, text: str, bare: str) -> bool:
    return any(word in bare for word in _plain_words(guard.words)) or any(
        pattern.search(text) for pattern in _compiled(guard.patterns)
    )


@lru_cache(maxsize=200)
def _plain_words(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, map(plain, words)))


@lru_cache(maxsize=200)
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _too_long(length: int, longest: int) -> GuardClass:
    answer = (
        f"您写了 {length} 个字，太长了，我读不准。请用一两句话（{longest} 字以内）说最想问的一件事；"
        "要反映问题的，可以在“我要反映”里写详细经过。"
    )
    return GuardClass(TOO_LONG, "过长", answer)

"""One message on its way to an answer: what every way of answering has at hand."""

from collections.abc import Callable
from dataclasses import dataclass, field

from zhicheng.apps.assistant.operations.stages import Recorder
from zhicheng.apps.assistant.policy.intents import Meaning
from zhicheng.apps.assistant.values import Answer, Ask, Talk, Terms
from zhicheng.core.knowledge.values import Hit


@dataclass
class Run:
    """A message, what its conversation remembers, the records of its stages, and what was found for it."""

    ask: Ask
    talk: Talk
    terms: Terms
    recorder: Recorder = field(default_factory=Recorder)
    hits: list[Hit] = field(default_factory=list)


Answered = tuple[Answer, Talk]
Handler = Callable[[Run, Meaning], Answered]

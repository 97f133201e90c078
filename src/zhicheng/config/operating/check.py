"""One thing that `zhicheng doctor` has looked at."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]
_MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}


@dataclass(frozen=True)
class Check:
    """What was looked at, what was found, and what to do."""

    name: str
    state: State
    found: str
    advice: str = ""

    @property
    def mark(self) -> str:
        """One character for the terminal."""
        return _MARKS[self.state]

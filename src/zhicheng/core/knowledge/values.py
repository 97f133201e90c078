"""Typed values of knowledge: what trains a classifier and what it answers."""

from dataclasses import dataclass
from datetime import datetime

from zhicheng.engines.text.classifier import Figures
from zhicheng.engines.text.training import Example, Hint

__all__ = ["Classification", "ClassifierFigures", "Example", "Figures", "Hint"]


@dataclass(frozen=True)
class Classification:
    """The likeliest labels with their calibrated probabilities, best first.

    No candidates means that nobody trained a classifier or that it knows no term of the text: a person decides.
    `model` is `<code>@<version>`, or `<code>@0` without a classifier.
    """

    candidates: tuple[tuple[str, float], ...]
    model: str

    def is_sure(self, threshold: float) -> bool:
        """Whether the first candidate is likely enough to be taken without a person."""
        return bool(self.candidates) and self.candidates[0][1] >= threshold


@dataclass(frozen=True)
class ClassifierFigures:
    """One trained classifier: what it learned from, and how well it does on texts it has not seen.

    `fresh` is False where the same material had been learned already and nothing was done.
    """

    code: str
    version: int
    trained_at: datetime
    digest: str
    examples: int
    confirmed: int
    figures: Figures
    fresh: bool = True

    @property
    def model(self) -> str:
        """The reference that decisions carry."""
        return f"{self.code}@{self.version}"

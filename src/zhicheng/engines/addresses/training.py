"""Learns to read addresses from marked ones: conditional random fields that read twice, and several that vote.

For each fold a first reader learns from all others and reads it, and so shows the second readers what a first reader is
like on addresses that it never saw. The first reader that is kept learned from all. Needs a folder to write models into
while it learns; the models themselves are bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pycrfsuite

from zhicheng.engines.addresses.features import Features, features_of
from zhicheng.engines.addresses.lexicon import Lexicon, folds
from zhicheng.engines.addresses.reader import AddressReader
from zhicheng.engines.addresses.second_look import second_features
from zhicheng.engines.addresses.spans import TaggedAddress

Settings = Mapping[str, float | int | bool]


@dataclass(frozen=True)
class Learner:
    """One way to learn weights: an algorithm of CRFsuite and its settings."""

    algorithm: str
    settings: Settings = field(default_factory=dict)


FIRST = Learner("ap", {"max_iterations": 8})
SECOND = (
    Learner("lbfgs", {"max_iterations": 60, "c1": 0.1, "c2": 0.1, "feature.minfreq": 2}),
    Learner("pa", {"max_iterations": 8, "type": 1, "c": 0.1, "averaging": True}),
)
_FOLDS = 4
_LEXICON_FOLDS = 10  # more, because a lexicon of all is what an unseen address is read with


@dataclass(frozen=True)
class Plan:
    """How addresses are learned from: the readers of each look, and a folder for models while they are made."""

    scratch: Path
    first: Learner = FIRST
    second: Sequence[Learner] = SECOND
    folds: int = _FOLDS


def learn(
    addresses: Sequence[TaggedAddress],
    plan: Plan,
    *,
    gazetteer: Mapping[str, str] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> AddressReader:
    """A reader that learned from these addresses, and from names of places (name → tag) that are known anyhow.

    Nothing is drawn by lot: the same addresses in the same order give the same reader.

    Raises:
        ValueError: fewer addresses than folds.
    """
    if len(addresses) < plan.folds:
        raise ValueError(f"{len(addresses)} addresses cannot be learned from in {plan.folds} folds")
    marks = [address.marks for address in addresses]
    lexicons = folds(addresses, _LEXICON_FOLDS, gazetteer)
    told = [features_of(address.tokens, lexicons[i % _LEXICON_FOLDS]) for i, address in enumerate(addresses)]
    seen = _read_by_others(told, marks, plan, progress)
    first = _fit(told, marks, plan.first, plan.scratch)
    progress("第一遍")
    for i, address in enumerate(addresses):
        _add(told[i], second_features(address.tokens, seen[i], lexicons[i % _LEXICON_FOLDS]))
    second = []
    for number, learner in enumerate(plan.second, 1):
        second.append(_fit(told, marks, learner, plan.scratch))
        progress(f"第二遍 {number}/{len(plan.second)}")
    return AddressReader(Lexicon.learned(addresses, gazetteer), first, second)


def _read_by_others(
    told: Sequence[Features], marks: Sequence[Sequence[str]], plan: Plan, progress: Callable[[str], None]
) -> list[list[str]]:
    """What first readers say about addresses that they did not learn from."""
    seen: list[list[str]] = [[] for _ in told]
    for fold in range(plan.folds):
        others = [i for i in range(len(told)) if i % plan.folds != fold]
        model = _fit([told[i] for i in others], [marks[i] for i in others], plan.first, plan.scratch)
        tagger = pycrfsuite.Tagger()
        tagger.open_inmemory(model)
        for i in range(fold, len(told), plan.folds):
            seen[i] = tagger.tag(told[i])
        progress(f"交叉阅读 {fold + 1}/{plan.folds}")
    return seen


def _fit(told: Sequence[Features], marks: Sequence[Sequence[str]], learner: Learner, scratch: Path) -> bytes:
    trainer = pycrfsuite.Trainer(learner.algorithm, params=dict(learner.settings), verbose=False)
    for features, said in zip(told, marks, strict=True):
        trainer.append(features, said)
    path = scratch / "reader.crf"
    trainer.train(str(path))
    return path.read_bytes()


def _add(told: Features, more: Features) -> None:
    for features, others in zip(told, more, strict=True):
        features += others

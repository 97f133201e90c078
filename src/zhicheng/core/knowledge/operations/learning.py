"""Learning: train a classifier, remember what people confirmed, learn again when enough was confirmed.

Training runs outside any transaction; only storing its result is one.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber

from zhicheng.core.knowledge.models import Classifier, ConfirmedExample
from zhicheng.core.knowledge.policy import mask_personal, training_digest
from zhicheng.core.knowledge.queries.classifying import figures_of, forget_classifiers
from zhicheng.core.knowledge.values import ClassifierFigures, Example, Hint
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.engines.text.classifier import ClassifierModel
from zhicheng.engines.text.training import FEW_EXAMPLES, TextClassifier
from zhicheng.kit.ids import uuid7

_NEWEST_PER_LABEL = 100
_LOCK = 0x7A63_6B6E_6F77  # "zcknow": one training is stored at a time, whatever the process
_SEED = 20260101
_ACTOR = "system:knowledge"


@dataclass(frozen=True)
class _Task:
    """All that decides what a model becomes."""

    code: str
    examples: tuple[Example, ...]
    hints: tuple[Hint, ...]
    confirmed: tuple[Example, ...]
    seed: int

    @property
    def digest(self) -> str:
        return training_digest(repr(FEW_EXAMPLES), [*self.examples, *self.confirmed], self.hints, self.seed)


def train_classifier(
    code: str,
    examples: Sequence[Example],
    hints: Sequence[Hint],
    now: datetime,
    *,
    seed: int = _SEED,
) -> ClassifierFigures:
    """Learn from the app's examples and hints and from what people confirmed; the new version answers at once.

    The same material gives the same model; where the active version has learned it already nothing is done
    (`fresh` is False). Confirmed examples whose label the app no longer knows are left out.

    Raises:
        ValueError: there is neither an example nor a hint.
    """
    known = {example.label for example in examples} | {hint.label for hint in hints}
    task = _Task(code, tuple(examples), tuple(hints), _confirmed(code, known), seed)
    active = Classifier.objects.filter(code=code, is_active=True).defer("weights", "basis").first()
    if active is not None and active.digest == task.digest:
        return figures_of(active, is_fresh=False)
    model = TextClassifier(FEW_EXAMPLES).train([*examples, *task.confirmed], hints, seed=seed)
    with transaction.atomic():
        row = _store(task, model, now)
    forget_classifiers()
    return figures_of(row, is_fresh=True)


def confirm_example(code: str, *, case_ref: str, text: str, label: str, now: datetime) -> None:
    """Remember the label that a person gave or left standing; personal data is masked before it is kept.

    A case counts once, with its latest label. An empty text teaches nothing and is not kept.
    """
    masked = mask_personal(text).strip()
    if not masked:
        return
    example = ConfirmedExample(classifier=code, case_ref=case_ref, text=masked, label=label, confirmed_at=now)
    ConfirmedExample.objects.bulk_create(  # one statement: every answered case comes by here
        [example],
        update_conflicts=True,
        unique_fields=["classifier", "case_ref"],
        update_fields=["text", "label", "confirmed_at"],
    )


def withdraw_example(code: str, *, case_ref: str) -> bool:
    """Forget what a case taught (erasure, or a mistake); the next training is without it. Whether there was any."""
    deleted, _ = ConfirmedExample.objects.filter(classifier=code, case_ref=case_ref).delete()
    return deleted > 0


def retrain_if_grown(code: str, now: datetime, minimum_new: int) -> ClassifierFigures | None:
    """Learn again when at least `minimum_new` examples were confirmed since the last time; else None.

    The app's examples and hints are those of the last `train_classifier`. None also without a classifier.
    """
    active = Classifier.objects.filter(code=code, is_active=True).defer("weights").first()
    if active is None:
        return None
    since = ConfirmedExample.objects.filter(classifier=code, confirmed_at__gt=active.trained_at)
    if since.count() < max(1, minimum_new):
        return None
    examples = [Example(text, label) for text, label in active.basis["examples"]]
    hints = [Hint(label, name, tuple(keywords)) for label, name, keywords in active.basis["hints"]]
    return train_classifier(code, examples, hints, now, seed=active.seed)


def _confirmed(code: str, labels: set[str]) -> tuple[Example, ...]:
    """The newest confirmed examples of each known label, in a fixed order."""
    place = Window(RowNumber(), partition_by=F("label"), order_by=[F("confirmed_at").desc(), F("id").desc()])
    rows = (
        ConfirmedExample.objects.filter(classifier=code, label__in=labels)
        .annotate(place=place)
        .filter(place__lte=_NEWEST_PER_LABEL)
        .order_by("id")
        .values_list("text", "label")
    )
    return tuple(Example(text, label) for text, label in rows)


def _store(task: _Task, model: ClassifierModel, now: datetime) -> Classifier:
    """The next version, active; earlier ones give up their weights. One ledger entry."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    rows = Classifier.objects.filter(code=task.code)
    version = (rows.aggregate(newest=Max("version"))["newest"] or 0) + 1
    rows.filter(is_active=True).update(is_active=False, weights=b"")
    figures = asdict(model.figures)
    figures.pop("texts")
    row = Classifier.objects.create(
        code=task.code,
        version=version,
        trained_at=now,
        is_active=True,
        digest=task.digest,
        seed=task.seed,
        examples=len(task.examples),
        confirmed=len(task.confirmed),
        basis={
            "examples": [[example.text, example.label] for example in task.examples],
            "hints": [[hint.label, hint.name, hint.keywords] for hint in task.hints],
        },
        weights=model.to_bytes(),
        **figures,
    )
    _record(row, now)
    return row


def _record(row: Classifier, now: datetime) -> None:
    data = {
        "digest": row.digest,
        "examples": row.examples,
        "confirmed": row.confirmed,
        "labels": row.labels,
        "accuracy": round(row.accuracy, 4),
        "calibration_error": round(row.calibration_error, 4),
    }
    subject = f"classifier:{row.code}"
    record(Entry(uuid7(now), now, _ACTOR, "knowledge.classifier_trained", subject, rule=str(row), data=data))

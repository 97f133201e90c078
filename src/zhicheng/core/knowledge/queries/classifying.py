"""What a text is about. The model is kept in each process and compared with the database at most once a second."""

import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime

import structlog

from zhicheng.core.knowledge.models import Classifier, ConfirmedExample
from zhicheng.core.knowledge.values import Classification, ClassifierFigures, Figures
from zhicheng.engines.text.classifier import ClassifierModel

_CHECK_EVERY_S = 1.0
_log = structlog.get_logger(__name__)


class _Memory:
    """The model of one code that this process last saw; `row` is the key of its table row, 0 for none."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.checked_at_s = float("-inf")
        self.row = 0
        self.answering: tuple[str, ClassifierModel] | None = None

    def is_recent(self) -> bool:
        return time.monotonic() - self.checked_at_s < _CHECK_EVERY_S


_memories: dict[str, _Memory] = {}


def classify(code: str, text: str, top: int = 3) -> Classification:
    """The likeliest labels of a text. Never raises for a text: without an answer there are no candidates."""
    answering = _answering(code)
    if answering is None:
        return Classification((), f"{code}@0")
    name, model = answering
    return Classification(tuple(model.predict(text, top)), name)


def classify_batch(code: str, texts: Sequence[str], top: int = 3) -> Iterator[Classification]:
    """As `classify`, for many texts, in their order, all by one version."""
    answering = _answering(code)
    if answering is None:
        return (Classification((), f"{code}@0") for _ in texts)
    name, model = answering
    return (Classification(tuple(found), name) for found in model.predict_batch(texts, top))


def get_classifier(code: str) -> ClassifierFigures | None:
    """The classifier that answers now, or None."""
    row = Classifier.objects.filter(code=code, is_active=True).defer("weights", "basis").first()
    return None if row is None else figures_of(row, is_fresh=False)


def list_classifiers(code: str) -> list[ClassifierFigures]:
    """Every version of a classifier, newest first."""
    rows = Classifier.objects.filter(code=code).defer("weights", "basis").order_by("-version")
    return [figures_of(row, is_fresh=False) for row in rows]


def count_confirmed(code: str, *, since: datetime | None = None) -> int:
    """Confirmed examples, or those confirmed after an instant."""
    rows = ConfirmedExample.objects.filter(classifier=code)
    return (rows if since is None else rows.filter(confirmed_at__gt=since)).count()


def forget_classifiers() -> None:
    """Look into the database at the next question: after training, and between tests."""
    _memories.clear()


def figures_of(row: Classifier, *, is_fresh: bool) -> ClassifierFigures:
    """A classifier row as a value."""
    return ClassifierFigures(
        code=row.code,
        version=row.version,
        trained_at=row.trained_at,
        digest=row.digest,
        examples=row.examples,
        confirmed=row.confirmed,
        figures=Figures(
            texts=row.examples + row.confirmed,
            labels=row.labels,
            accuracy=row.accuracy,
            top3=row.top3,
            macro_f1=row.macro_f1,
            calibration_error=row.calibration_error,
        ),
        fresh=is_fresh,
    )


def _answering(code: str) -> tuple[str, ClassifierModel] | None:
    """The name and model that answer for a code; one thread looks, the others wait for it."""
    memory = _memories.setdefault(code, _Memory())
    if memory.is_recent():
        return memory.answering
    with memory.lock:
        if not memory.is_recent():
            _look(code, memory)
            memory.checked_at_s = time.monotonic()
    return memory.answering


def _look(code: str, memory: _Memory) -> None:
    active = Classifier.objects.filter(code=code, is_active=True)
    found = active.values_list("pk", "version").first()
    row, version = found or (0, 0)
    if row == memory.row:
        return
    stored = active.filter(pk=row).values_list("weights", flat=True).first()
    memory.row, memory.answering = row, None
    if stored is None:
        return
    try:
        memory.answering = f"{code}@{version}", ClassifierModel.from_bytes(bytes(stored))
    except ValueError as error:  # a model of another program version: people decide until it is trained again
        _log.warning("classifier cannot be read", code=code, version=version, reason=str(error))

"""The door of knowledge: train a classifier, ask it, teach it."""

from zhicheng.core.knowledge.operations import (
    confirm_example,
    retrain_if_grown,
    train_classifier,
    withdraw_example,
)
from zhicheng.core.knowledge.policy import mask_personal
from zhicheng.core.knowledge.queries import (
    classify,
    classify_batch,
    count_confirmed,
    forget_classifiers,
    get_classifier,
    list_classifiers,
)
from zhicheng.core.knowledge.values import Classification, ClassifierFigures, Example, Figures, Hint

__all__ = [
    "Classification",
    "ClassifierFigures",
    "Example",
    "Figures",
    "Hint",
    "classify",
    "classify_batch",
    "confirm_example",
    "count_confirmed",
    "forget_classifiers",
    "get_classifier",
    "list_classifiers",
    "mask_personal",
    "retrain_if_grown",
    "train_classifier",
    "withdraw_example",
]

"""Trained classifiers, every version kept: a decision names the version that made it."""

from typing import ClassVar

from django.db import models


class Classifier(models.Model):
    """One version of a classifier. Rows are added; only `is_active` ever changes.

    `weights` is what `ClassifierModel.to_bytes` wrote; old versions give it up when a new one takes over.
    `basis` holds the examples and hints that the app gave, so that the worker can learn again without the app.
    """

    code = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    trained_at = models.DateTimeField()
    is_active = models.BooleanField()
    digest = models.CharField(max_length=64)
    seed = models.IntegerField()
    examples = models.PositiveIntegerField()
    confirmed = models.PositiveIntegerField()
    labels = models.PositiveIntegerField()
    accuracy = models.FloatField()
    top3 = models.FloatField()
    macro_f1 = models.FloatField()
    calibration_error = models.FloatField()
    basis = models.JSONField()
    weights = models.BinaryField()

    class Meta:
        """At most one version of a code answers."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "version"], name="knowledge_classifier_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(is_active=True), name="knowledge_classifier_one_active"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"

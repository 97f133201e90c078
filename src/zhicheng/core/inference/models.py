"""Tables of inference: every call of a model, without what was said."""

from typing import ClassVar

from django.db import models


class ModelCall(models.Model):
    """One call: which model for what, how it ended, how long it took and how many tokens it used."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    model = models.CharField(max_length=120)
    purpose = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16)
    milliseconds = models.PositiveIntegerField()
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)

    class Meta:
        """The meter is read by time."""

        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-at"], name="inference_call_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.model} {self.outcome}"

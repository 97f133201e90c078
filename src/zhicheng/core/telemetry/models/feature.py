"""Features of interest, and what an observation says beyond its reading."""

from django.db import models

from zhicheng.core.telemetry.models.shaped import Shaped


class FeatureOfInterest(Shaped):
    """What is observed: mostly the place of the thing."""

    feature = models.JSONField()


class ObservationNote(models.Model):
    """What is known of one observation beyond its reading, and what was changed later: readings never change.

    Only observations with such things have one. `said` holds the members that SensorThings gives an observation
    (`result` where it is neither number nor text, `resultTime`, `phenomenonTime` where it is an interval, `validTime`,
    `parameters`, `resultQuality`); `deleted` hides the reading.
    """

    id = models.BigAutoField(primary_key=True)
    stream = models.BigIntegerField()
    at_us = models.BigIntegerField()
    said = models.JSONField(default=dict)
    feature = models.ForeignKey(FeatureOfInterest, on_delete=models.SET_NULL, null=True, related_name="+")
    deleted = models.BooleanField(default=False)

    class Meta:
        """At most one an observation."""

        constraints = (models.UniqueConstraint(fields=["stream", "at_us"], name="telemetry_note_once"),)

    def __str__(self) -> str:
        return f"{self.stream}~{self.at_us}"

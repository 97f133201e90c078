"""Datastreams: one observed property of one thing, measured by one kind of sensor."""

from django.db import models


class Sensor(models.Model):
    """How something is measured. `code` is set where a device model of the pack made it."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001  # unique only where there is one
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    encoding_type = models.CharField(max_length=100)
    metadata = models.JSONField()
    properties = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.name


class ObservedProperty(models.Model):
    """What is measured. `code` is set where the pack made it."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001  # unique only where there is one
    name = models.CharField(max_length=255)
    definition = models.TextField()
    description = models.TextField(blank=True)
    properties = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.name


class Datastream(models.Model):
    """The id is the `stream` of readings. `code` names it within its thing, as in the topic of a message.

    `kind` is `<model>/<code>` where the pack's device model has this stream, else "": alarm rules go by it.
    """

    id = models.BigAutoField(primary_key=True)
    thing = models.ForeignKey("telemetry.Thing", on_delete=models.CASCADE, related_name="+")
    sensor = models.ForeignKey(Sensor, on_delete=models.PROTECT, related_name="+")
    observed_property = models.ForeignKey(ObservedProperty, on_delete=models.PROTECT, related_name="+")
    feature = models.ForeignKey(
        "telemetry.FeatureOfInterest", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=81, blank=True)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    observation_type = models.CharField(max_length=150)
    unit = models.JSONField()
    properties = models.JSONField(null=True)
    observed_area = models.JSONField(null=True)
    interval_s = models.FloatField(default=0)
    access = models.PositiveSmallIntegerField(default=1)

    class Meta:
        """A thing has each stream once; streams of one kind are read together."""

        constraints = (models.UniqueConstraint(fields=["thing", "code"], name="telemetry_datastream_code"),)
        indexes = (
            models.Index(fields=["kind", "id"], name="telemetry_datastream_kind"),
            models.Index(
                fields=["feature"], name="telemetry_datastream_feature", condition=models.Q(feature__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.name

"""Where things are and were."""

from django.db import models

from zhicheng.core.telemetry.models.shaped import Shaped


class Location(Shaped):
    """A place as GeoJSON."""

    location = models.JSONField()


class ThingLocation(models.Model):
    """Where a thing is now; several where one place is described in several ways."""

    id = models.BigAutoField(primary_key=True)
    thing = models.ForeignKey("telemetry.Thing", on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")

    class Meta:
        """Once each."""

        constraints = (models.UniqueConstraint(fields=["thing", "location"], name="telemetry_thinglocation_once"),)

    def __str__(self) -> str:
        return f"{self.thing_id}@{self.location_id}"


class HistoricalLocation(models.Model):
    """That a thing was somewhere from a time on."""

    id = models.BigAutoField(primary_key=True)
    thing = models.ForeignKey("telemetry.Thing", on_delete=models.CASCADE, related_name="+", db_index=False)
    time = models.DateTimeField()

    class Meta:
        """A thing's way through time."""

        indexes = (models.Index(fields=["thing", "time"], name="telemetry_historical_thing"),)

    def __str__(self) -> str:
        return f"{self.thing_id}@{self.time}"


class HistoricalPlace(models.Model):
    """The locations of a historical location."""

    id = models.BigAutoField(primary_key=True)
    historical = models.ForeignKey(HistoricalLocation, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")

    class Meta:
        """Once each."""

        constraints = (
            models.UniqueConstraint(fields=["historical", "location"], name="telemetry_historicalplace_once"),
        )

    def __str__(self) -> str:
        return f"{self.historical_id}@{self.location_id}"

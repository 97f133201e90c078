"""A device, or whatever else SensorThings calls a thing."""

from django.db import models


class Thing(models.Model):
    """A registered device. `key` is what it sends under; `model` is the pack's device model, "" for none.

    `access` is 0 for everybody, 1 for whoever is signed in, 2 for officials with the permission; `unit` looks after
    it. Where it stands is kept here as well as in its location, so that lists and the map need no joins.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    properties = models.JSONField(null=True)
    model = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    site = models.CharField(max_length=64, blank=True)  # devices of one site (a building) may alarm together
    state = models.CharField(max_length=10, default="active")  # active, retired
    access = models.PositiveSmallIntegerField(default=1)
    district = models.CharField(max_length=12, blank=True)
    street = models.CharField(max_length=12, blank=True)
    community = models.CharField(max_length=12, blank=True)
    grid = models.CharField(max_length=24, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    key_epoch = models.PositiveIntegerField(default=0)
    registered_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        """Lists go by model and by area, in the order of ids; names are searched by their beginning."""

        indexes = (
            models.Index(fields=["model", "id"], name="telemetry_thing_model"),
            models.Index(fields=["district", "model", "id"], name="telemetry_thing_district"),
            models.Index(fields=["street", "id"], name="telemetry_thing_street"),
            models.Index(fields=["site"], name="telemetry_thing_site", condition=~models.Q(site="")),
            models.Index(fields=["name"], name="telemetry_thing_name", opclasses=["varchar_pattern_ops"]),
        )

    def __str__(self) -> str:
        return self.key

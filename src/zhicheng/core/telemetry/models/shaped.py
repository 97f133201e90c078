"""What has a shape on the map: locations and features of interest."""

from django.db import models


class Shaped(models.Model):
    """A description with the box around its shape, which queries by shape begin with; null where it has none."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    encoding_type = models.CharField(max_length=100)
    properties = models.JSONField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    access = models.PositiveSmallIntegerField(default=1)

    class Meta:
        """Each kind has its own table."""

        abstract = True

    def __str__(self) -> str:
        return self.name

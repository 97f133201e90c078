"""Government units and public companies, as the pack names them."""

from django.db import models


class Unit(models.Model):
    """One unit of the tree. `division` is a code, not a foreign key: places is above parties.

    A unit is never deleted: it ends on a day and names the unit that takes over its work.
    """

    code = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    division = models.CharField(max_length=16)
    function = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    ended_date = models.DateField(null=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.code

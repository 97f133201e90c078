"""How far a newly installed pack's calendars have been carried into running clocks."""

from uuid import UUID

from django.db import models


class CalendarSweep(models.Model):
    """One walk through the cases with counted clocks, for one release; `after` is the last case that is done.

    The place moves in the transaction that stores a batch: whoever is killed in between has done nothing of it.
    """

    release = models.OneToOneField("packs.Release", on_delete=models.PROTECT, primary_key=True, related_name="+")
    after = models.UUIDField(default=UUID(int=0))
    moved = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """A row a release: also the record of what each calendar has moved."""

        db_table = "cases_calendar_sweep"

    def __str__(self) -> str:
        return str(self.release_id)

"""The append-only history of a case."""

from django.db import models


class HistoryRow(models.Model):
    """One thing that happened: an act of a person, an automatic step, a clock that fired.

    `kind` is `act`, `clock` or `system`; `public` rows are shown to the requester. `input` is what the person
    typed; a trigger refuses changes and removals.
    """

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField()
    kind = models.CharField(max_length=12)
    action = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    from_unit = models.CharField(max_length=40, blank=True)
    to_unit = models.CharField(max_length=40, blank=True)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    input = models.JSONField(default=dict)
    rule = models.CharField(max_length=200, blank=True)
    public = models.BooleanField(default=False)

    class Meta:
        """Read by case in order; by unit and time for reports."""

        db_table = "cases_history"
        indexes = (
            models.Index(fields=["case", "at", "id"], name="history_case"),
            models.Index(fields=["at"], name="history_at"),
        )

    def __str__(self) -> str:
        return f"{self.action}@{self.version}"

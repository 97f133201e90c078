"""What an appeal has beyond its case."""

from django.db import models


class Appeal(models.Model):
    """The resident's own words and what the system made of them; the case holds state, place, clocks, history."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="+")
    channel = models.CharField(max_length=20)
    text = models.TextField()
    address = models.CharField(max_length=300, blank=True)
    occurred_date = models.DateField(null=True)
    anonymous = models.BooleanField(default=False)
    candidates = models.JSONField(default=list)
    model = models.CharField(max_length=60, blank=True)
    reasons = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.case_id)


class Support(models.Model):
    """Somebody else with the same problem: joined to the first appeal instead of opening another."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=80)
    text = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        """Once a person and appeal."""

        constraints = (models.UniqueConstraint(fields=["appeal", "who"], name="support_once"),)

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.who}"

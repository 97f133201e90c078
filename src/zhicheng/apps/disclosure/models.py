"""A request for disclosure: what is asked, by whom, in which form. State, clocks and history are the case's."""

from django.db import models


class DisclosureRequest(models.Model):
    """What belongs to a case of the process `disclosure`.

    `party` is the applicant as named in the request, sealed; the case's requester is whoever follows it: the account
    that made it, or the same party. `decision`, `ground`, `decided_at`, `late` and `unit_code` are a projection of the
    case for the yearly report, written by the receiver of its events.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="+")
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    applicant = models.CharField(max_length=12)
    title = models.CharField(max_length=120)
    description = models.TextField()
    document_number = models.CharField(max_length=60, blank=True)
    supply = models.CharField(max_length=12)
    delivery = models.CharField(max_length=12)
    channel = models.CharField(max_length=12)
    unit_chosen = models.BooleanField()
    unit_code = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    decision = models.CharField(max_length=24, blank=True)
    ground = models.CharField(max_length=24, blank=True)
    decided_at = models.DateTimeField(null=True)
    late = models.BooleanField(null=True)

    class Meta:
        """The yearly report reads by unit and time."""

        indexes = (models.Index(fields=["unit_code", "received_at"], name="disclosure_unit_received"),)

    def __str__(self) -> str:
        return f"{self.title} {self.case_id}"

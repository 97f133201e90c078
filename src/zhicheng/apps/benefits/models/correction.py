"""What somebody says about a wrong fact: belongs to a case of the process `benefit_correction`."""

from django.db import models


class Correction(models.Model):
    """The words are personal and sealed; state, clocks and history are the case's."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="+")
    benefit = models.CharField(max_length=64)
    fact = models.CharField(max_length=64, blank=True)
    payment = models.ForeignKey("benefits.Payment", on_delete=models.PROTECT, null=True, related_name="+")
    claim_sealed = models.BinaryField()
    key_id = models.IntegerField()

    class Meta:
        """For re-sealing."""

        indexes = (models.Index(fields=["key_id"], name="correction_rotation"),)

    def __str__(self) -> str:
        return f"{self.benefit} {self.fact} {self.case_id}"

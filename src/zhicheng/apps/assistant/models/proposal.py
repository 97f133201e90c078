"""What a case of the process `knowledge_entry` is about: a question that found no good answer, and what was said."""

from django.db import models


class Proposal(models.Model):
    """A question without personal data, the answer so far, where it came from, and how often it was asked.

    `origin`: unanswered, rated (badly), clerk (a person answered it).
    """

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="+")
    question = models.CharField(max_length=300)
    answer = models.TextField(blank=True)
    origin = models.CharField(max_length=12)
    document = models.CharField(max_length=120, blank=True)
    department = models.CharField(max_length=40, blank=True)
    asked = models.IntegerField(default=1)
    open = models.BooleanField(default=True)

    class Meta:
        """Open ones are looked through for the same question."""

        indexes = (models.Index(fields=["-asked"], name="proposal_open", condition=models.Q(open=True)),)

    def __str__(self) -> str:
        return f"{self.origin} {self.case_id}"

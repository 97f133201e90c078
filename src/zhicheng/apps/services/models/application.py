"""An application: which item or theme, on which submission, how it was decided. State and clocks are the case's."""

from django.db import models


class Application(models.Model):
    """What belongs to a case of the processes `application` and `theme`.

    The children of a theme share its submission. The decision (verdicts with the facts they read) is personal and
    sealed; `catalogue` and `rulebook` are the hashes of what was
    current when it was submitted: an application is decided by the rules that it began with.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="+")
    item = models.CharField(max_length=80, blank=True)
    theme = models.CharField(max_length=60, blank=True)
    catalogue = models.CharField(max_length=64)
    rulebook = models.CharField(max_length=64)
    submission = models.ForeignKey("forms.FormSubmission", on_delete=models.PROTECT, related_name="+")
    decision_sealed = models.BinaryField(null=True)
    key_id = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """Alike decisions are found by item."""

        indexes = (models.Index(fields=["item", "-decided_at"], name="application_item"),)

    def __str__(self) -> str:
        return f"{self.item or self.theme} {self.case_id}"


class ToDecide(models.Model):
    """An application that waits for its rules: written with the case, removed with the decision."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="+")
    due_at = models.DateTimeField()
    since = models.DateTimeField()

    class Meta:
        """The next to decide."""

        indexes = (models.Index(fields=["due_at"], name="todecide_due"),)

    def __str__(self) -> str:
        return str(self.case_id)

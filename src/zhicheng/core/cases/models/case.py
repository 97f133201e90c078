"""The case itself: where it stands, whose it is, where it is."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform


class Bigrams(models.Func):
    """Every two neighbouring characters of a text: most Chinese words have two, for which trigrams find nothing."""

    function = "cases_bigrams"
    output_field = ArrayField(models.TextField())


# Open cases whose clock stands still: few among many, so that an index of just these is small.
PAUSED = Q(final=False, facts__paused=True)


class Case(models.Model):
    """Anything someone must do by a time.

    `definition` is the hash of the process it runs on; `version` counts the acts on it (optimistic check);
    `due_at` is its nearest running clock. `facts` are what guards and clocks read: no personal data.
    `area` is the path of divisions from the city down, `440300/440304/…`, so that a prefix selects an area.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    process = models.CharField(max_length=40)
    definition = models.CharField(max_length=64)
    state = models.CharField(max_length=40)
    final = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey("parties.Account", on_delete=models.PROTECT, null=True, related_name="+")
    requester = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")
    creator = models.ForeignKey("parties.Account", on_delete=models.PROTECT, null=True, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    category = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200)
    urgent = models.BooleanField(default=False)
    division = models.CharField(max_length=12, blank=True)
    area = models.CharField(max_length=60, blank=True)
    grid = models.CharField(max_length=24, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        """Indexes follow the lists that people open: a unit's open work by due time, a person's cases, a place."""

        indexes = (
            models.Index(fields=["due_at", "id"], name="case_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["unit", "due_at", "id"], name="case_unit_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["unit", "state", "due_at", "id"], name="case_unit_state", condition=Q(final=False)),
            models.Index(fields=["unit", "-opened_at", "-id"], name="case_unit_opened"),
            models.Index(fields=["-opened_at", "-id"], name="case_opened"),
            models.Index(
                fields=["requester", "-opened_at"], name="case_requester", condition=Q(requester__isnull=False)
            ),
            models.Index(fields=["creator", "-opened_at"], name="case_creator", condition=Q(creator__isnull=False)),
            models.Index(fields=["parent"], name="case_parent", condition=Q(parent__isnull=False)),
            models.Index(fields=["unit", "parent"], name="case_child", condition=Q(parent__isnull=False)),
            models.Index(fields=["-opened_at", "-id"], name="case_child_new", condition=Q(parent__isnull=False)),
            models.Index(
                fields=["due_at", "id"], name="case_child_due", condition=Q(due_at__isnull=False, parent__isnull=False)
            ),
            models.Index(fields=["-opened_at", "-id"], name="case_urgent", condition=Q(urgent=True)),
            models.Index(fields=["unit", "-opened_at", "-id"], name="case_paused", condition=PAUSED),
            models.Index(fields=["grid", "category"], name="case_alike", condition=Q(final=False)),
            models.Index(fields=["definition"], name="case_definition", condition=Q(final=False)),
            models.Index(
                KeyTextTransform("merged_into", "facts"),
                name="case_joined",
                condition=Q(facts__has_key="merged_into"),
            ),
            GinIndex(Bigrams("title"), name="case_title"),
        )

    def __str__(self) -> str:
        return self.number

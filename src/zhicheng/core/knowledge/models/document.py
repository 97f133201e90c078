"""Documents and their passages: the truth from which every index is made."""

from typing import ClassVar
from uuid import uuid4

from django.db import models


class KnowledgeBase(models.Model):
    """One row: which set of documents this is, and how often it has changed. Locked by whoever changes documents."""

    uid = models.UUIDField(default=uuid4)
    revision = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"knowledge@{self.revision}"


class Document(models.Model):
    """What a source gave; a document that it no longer gives stays as a bare mark, so that indexes hear of it.

    `provider` names the source of documents (faqs, services, …), `source` the title that is quoted. `digest` is of the
    content; `revision` is that of its last change.
    """

    code = models.CharField(max_length=200, primary_key=True)
    provider = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=32)
    title = models.TextField()
    also = models.JSONField(default=list)
    source = models.TextField(blank=True)
    link = models.TextField(blank=True)
    audience = models.JSONField(default=list)
    region = models.CharField(max_length=24, blank=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    refs = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    revision = models.BigIntegerField(db_index=True)
    is_removed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code


class Passage(models.Model):
    """A piece of a document under its heading path, as it is found and quoted."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveIntegerField()
    heading = models.JSONField(default=list)
    text = models.TextField()

    class Meta:
        """Passages are read in order."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "place"], name="knowledge_passage_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.document_id}#{self.place}"


class Gathered(models.Model):
    """What a registered source said of its state when its documents were gathered last."""

    provider = models.CharField(max_length=64, primary_key=True)
    state = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.provider}: {self.state}"

"""Definitions pinned by content hash, and which of them the installed pack uses now."""

from typing import ClassVar

from django.db import models

from zhicheng.core.packs.models.release import Release


class Definition(models.Model):
    """Something a case may run on: never changed, never deleted. The hash is SM3 over its canonical content."""

    hash = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=64)
    code = models.CharField(max_length=128)
    label = models.CharField(max_length=200)
    body = models.JSONField()
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        """Cases find theirs by hash; lists by kind and code."""

        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["kind", "code"], name="packs_definition_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class DefinitionUse(models.Model):
    """The definition a release gives to a kind and code; going back to an older pack is a new release."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=64)
    code = models.CharField(max_length=128)
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """One definition a code in each release."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["release", "kind", "code"], name="packs_definition_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"

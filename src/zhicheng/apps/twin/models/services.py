"""How often published services may be called, and how often they were."""

from django.db import models


class ServiceQuota(models.Model):
    """The quota of one application, where it differs from the default. 0 is no limit."""

    account = models.OneToOneField("parties.Account", primary_key=True, on_delete=models.PROTECT, related_name="+")
    per_day = models.BigIntegerField()
    per_minute = models.BigIntegerField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account_id)


class ServiceCalls(models.Model):
    """Calls of one layer's service by one key on one day (China's). Without a key: people, signed in or not.

    The account is of the application that holds the key; of people nobody is told from another.
    """

    day = models.DateField()
    layer = models.CharField(max_length=64)
    service = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=16, blank=True)
    account = models.ForeignKey("parties.Account", on_delete=models.PROTECT, null=True, related_name="+")
    calls = models.BigIntegerField()
    refused = models.BigIntegerField()
    sent_bytes = models.BigIntegerField()

    class Meta:
        """One row a day, layer, service and key; the day of an application for its quota."""

        constraints = (
            models.UniqueConstraint(fields=["day", "layer", "service", "kind", "key"], name="service_calls_once"),
        )
        indexes = (models.Index(fields=["account", "day"], name="service_calls_account"),)

    def __str__(self) -> str:
        return f"{self.day} {self.layer} {self.service}"

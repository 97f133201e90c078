"""Alarms: what the collector noticed, what became a case, and when nothing shall be said."""

from django.db import models


class Signal(models.Model):
    """A condition that began or ended at a stream, as the collector noticed it; read once by the alarm duty.

    `again_us`: a rule said that it is no alarm, and is asked again then.
    """

    id = models.BigAutoField(primary_key=True)
    stream = models.BigIntegerField()
    condition = models.CharField(max_length=80)  # <rule>/<number of the condition>
    kind = models.CharField(max_length=5)  # raise, clear
    at_us = models.BigIntegerField()
    value = models.FloatField(null=True)
    noticed_us = models.BigIntegerField()
    again_us = models.BigIntegerField(default=0, db_default=0)
    done = models.BooleanField(default=False)

    class Meta:
        """What waits, in the order of noticing; once each, however often it is told."""

        constraints = (
            models.UniqueConstraint(fields=["stream", "condition", "kind", "at_us"], name="telemetry_signal_once"),
        )
        indexes = (models.Index(fields=["id"], name="telemetry_signal_open", condition=models.Q(done=False)),)

    def __str__(self) -> str:
        return f"{self.kind} {self.condition} {self.stream}"


class Alarm(models.Model):
    """One alarm is one case. `members` counts the devices in it: many where a storm was damped.

    `reason` has what the rule said, by which version, with the readings it saw.
    """

    id = models.BigAutoField(primary_key=True)
    case_id = models.UUIDField(unique=True)
    number = models.CharField(max_length=24)
    rule = models.CharField(max_length=64)
    rule_hash = models.CharField(max_length=64)
    severity = models.CharField(max_length=10)
    area = models.CharField(max_length=12, blank=True)  # the division that a storm is gathered by
    members = models.PositiveIntegerField(default=1)
    active = models.PositiveIntegerField(default=1)
    raised_at = models.DateTimeField()
    last_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.JSONField()

    class Meta:
        """Open ones of a rule; the newest first; those that somebody has to do something about."""

        indexes = (
            models.Index(fields=["rule", "-raised_at"], name="telemetry_alarm_rule"),
            models.Index(fields=["-raised_at"], name="telemetry_alarm_newest"),
            models.Index(
                fields=["-raised_at"], name="telemetry_alarm_open", condition=models.Q(closed_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.number


class AlarmMember(models.Model):
    """One device of an alarm: the reading that raised it, and the one that cleared it."""

    id = models.BigAutoField(primary_key=True)
    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="+")
    thing = models.ForeignKey("telemetry.Thing", on_delete=models.CASCADE, related_name="+")
    stream = models.BigIntegerField()
    raised_us = models.BigIntegerField()
    value = models.FloatField(null=True)
    times = models.PositiveIntegerField(default=1)
    cleared_us = models.BigIntegerField(null=True)

    class Meta:
        """What is on at a device."""

        indexes = (
            models.Index(
                fields=["stream"], name="telemetry_member_active", condition=models.Q(cleared_us__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.alarm_id}:{self.thing_id}"


class Maintenance(models.Model):
    """A time in which a device, or every device of a model in an area, raises nothing."""

    id = models.BigAutoField(primary_key=True)
    thing = models.ForeignKey("telemetry.Thing", on_delete=models.CASCADE, null=True, related_name="+")
    model = models.CharField(max_length=40, blank=True)
    area = models.CharField(max_length=12, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=255)
    actor_ref = models.CharField(max_length=64)

    class Meta:
        """Those that have not ended."""

        indexes = (models.Index(fields=["ends_at"], name="telemetry_maintenance_end"),)

    def __str__(self) -> str:
        return f"{self.starts_at}–{self.ends_at}"

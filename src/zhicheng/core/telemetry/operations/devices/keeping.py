"""Registered devices kept in order: maintenance windows, keys, the end."""

from datetime import datetime

from django.db import transaction

from zhicheng.core.parties.values import Actor
from zhicheng.core.telemetry.errors import DeviceRetired, DeviceUnknown
from zhicheng.core.telemetry.gate.passwords import change_secret, device_secret, lock_out
from zhicheng.core.telemetry.models import Maintenance, Thing
from zhicheng.core.telemetry.operations.devices.registering import note
from zhicheng.core.telemetry.operations.ingesting import forget_streams
from zhicheng.core.telemetry.queries.devices.owning import check_keepers, check_manager
from zhicheng.core.telemetry.queries.streams import streams_of_things
from zhicheng.kit.errors import FieldErrors

_LONGEST_DAYS = 90


def plan_maintenance(key: str, span: tuple[datetime, datetime], reason: str, *, actor: Actor, now: datetime) -> None:
    """Let a device raise nothing for a time.

    Raises:
        DevicesForbidden, DeviceUnknown: not this device, or not this actor.
        FieldErrors: the time is over, the wrong way round, or longer than 90 days; or no reason is given.
    """
    check_manager(actor)
    starts_at, ends_at = span
    if ends_at <= max(starts_at, now) or (ends_at - starts_at).days > _LONGEST_DAYS:
        raise FieldErrors({"ends_at": [f"结束时间应晚于开始时间和现在，时段不超过 {_LONGEST_DAYS} 天"]})
    if not reason.strip():
        raise FieldErrors({"reason": ["请填写维护的内容"]})
    with transaction.atomic():
        thing = _thing(key, actor)
        Maintenance.objects.create(
            thing=thing, starts_at=starts_at, ends_at=ends_at, reason=reason.strip()[:255], actor_ref=actor.ref
        )
        note(actor, "telemetry.maintenance_planned", f"device:{key}", now, until=ends_at.isoformat())


def end_maintenance(maintenance: int, *, actor: Actor, now: datetime) -> None:
    """End a maintenance window early.

    Raises:
        DevicesForbidden: not this actor.
    """
    check_manager(actor)
    with transaction.atomic():
        for window in Maintenance.objects.select_for_update().filter(pk=maintenance, ends_at__gt=now):
            check_keepers(actor, [window.thing] if window.thing else [])
            window.ends_at = max(now, window.starts_at)
            window.save(update_fields=["ends_at"])
            note(actor, "telemetry.maintenance_ended", f"maintenance:{maintenance}", now)


def show_key(key: str, *, actor: Actor, now: datetime) -> str:
    """A new password of a device, told this once; the one before no longer counts.

    Raises:
        DevicesForbidden, DeviceUnknown: not this device, or not this actor.
        DeviceRetired: it is locked out, and stays so.
    """
    check_manager(actor)
    with transaction.atomic():
        thing = _thing(key, actor)
        if thing.state != "active":
            raise DeviceRetired(key=key)
        thing.key_epoch += 1
        thing.save(update_fields=["key_epoch"])
        note(actor, "telemetry.key_issued", f"device:{key}", now, epoch=thing.key_epoch)
    change_secret(key, thing.key_epoch)
    return device_secret(key, thing.key_epoch)


def retire_device(key: str, *, actor: Actor, now: datetime) -> None:
    """Take a device out of use: it may not connect, its readings are not taken; what it sent stays.

    Raises:
        DevicesForbidden, DeviceUnknown: not this device, or not this actor.
    """
    check_manager(actor)
    with transaction.atomic():
        thing = _thing(key, actor)
        thing.state, thing.retired_at = "retired", now
        thing.save(update_fields=["state", "retired_at"])
        note(actor, "telemetry.device_retired", f"device:{key}", now)
    lock_out(key)
    forget_streams(streams_of_things([thing.pk]))


def _thing(key: str, actor: Actor) -> Thing:
    thing = Thing.objects.select_for_update().filter(key=key).first()
    if thing is None:
        raise DeviceUnknown(key=key)
    check_keepers(actor, [thing])
    return thing

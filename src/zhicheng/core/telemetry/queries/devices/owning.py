"""Whose a device is: its own unit's, else of whoever its model makes responsible where it stands."""

from collections.abc import Iterable

from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor, ActorKind
from zhicheng.core.places.public import division_path, place_levels
from zhicheng.core.telemetry.errors import DevicesForbidden
from zhicheng.core.telemetry.models import Thing
from zhicheng.core.telemetry.queries.devices.lists import Device
from zhicheng.core.telemetry.queries.devices.models import list_models

MANAGE = "devices.manage"
_LEVELS = ("community", "street", "district", "city")


def responsible_unit(own: str, responsible: str, area: str) -> str:
    """The unit that a device was given to, else whoever is responsible in the area, else who takes what is left."""
    tree, pack = get_unit_tree(), current_pack()
    if own in tree:
        return tree.successor_of(own)
    kind, _, name = responsible.partition(":")
    if kind == "unit":
        return tree.successor_of(name) if name in tree else pack.fallback_unit
    function, _, level = responsible.partition("@")
    path = division_path(area or pack.city_division)
    wanted = [code for code, each in place_levels(path) if _LEVELS.index(each) >= _LEVELS.index(level)]
    return tree.serving(function, wanted) or pack.fallback_unit


def managed_units(actor: Actor) -> frozenset[str] | None:
    """The units whose devices somebody may manage, "" among them for what is nobody's; None of all units."""
    if actor.kind is ActorKind.SYSTEM:
        return None
    grants = actor.units_for(MANAGE)
    return get_unit_tree().reach(grants) | {""} if grants else frozenset()


def is_kept_by(device: Thing | Device, units: frozenset[str] | None) -> bool:
    """Whether a device is of one of these units."""
    return units is None or _owner(device) in units


def may_manage_device(actor: Actor, device: Thing | Device) -> bool:
    """Whether somebody may manage this device."""
    return is_kept_by(device, managed_units(actor))


def check_manager(actor: Actor) -> None:
    """Whether somebody may manage devices at all.

    Raises:
        DevicesForbidden: not.
    """
    if actor.kind is not ActorKind.SYSTEM and MANAGE not in actor.permissions:
        raise DevicesForbidden(act="管理设备")


def check_keepers(actor: Actor, devices: Iterable[Thing]) -> None:
    """Whether somebody may manage all of these devices.

    Raises:
        DevicesForbidden: one of them is another unit's.
    """
    units = managed_units(actor)
    if not all(is_kept_by(device, units) for device in devices):
        raise DevicesForbidden(act="管理别的单位的设备")


def _owner(device: Thing | Device) -> str:
    """The unit that a device is of; "" where nobody says."""
    tree, model = get_unit_tree(), list_models().get(device.model)
    if model is not None:
        area = device.community or device.street or device.district
        return responsible_unit(device.unit, model.responsible, area)
    return tree.successor_of(device.unit) if device.unit in tree else ""

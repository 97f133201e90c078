"""The door of telemetry: devices, readings, alarms."""

from zhicheng.core.telemetry.gate.jetstream import Connection as BrokerConnection
from zhicheng.core.telemetry.gate.jetstream import ensure_stream
from zhicheng.core.telemetry.gate.passwords import change_secret, device_secret, lock_out, may_connect
from zhicheng.core.telemetry.operations.alarms.prompting import prompt_alarms
from zhicheng.core.telemetry.operations.alarms.raising import close_alarm, raise_alarms
from zhicheng.core.telemetry.operations.alarms.silence import notice_silence
from zhicheng.core.telemetry.operations.bulk import accept_bulk
from zhicheng.core.telemetry.operations.devices.candidates import approve_candidate, refuse_candidate
from zhicheng.core.telemetry.operations.devices.keeping import (
    end_maintenance,
    plan_maintenance,
    retire_device,
    show_key,
)
from zhicheng.core.telemetry.operations.devices.layering import feed_layer
from zhicheng.core.telemetry.operations.devices.reading import read_device_file
from zhicheng.core.telemetry.operations.devices.registering import register_devices
from zhicheng.core.telemetry.operations.ingesting import accept_readings, forget_streams, register_streams
from zhicheng.core.telemetry.operations.process import Collecting, restore_streams
from zhicheng.core.telemetry.operations.tending import tend_observations
from zhicheng.core.telemetry.queries.devices.lists import (
    DeviceFilter,
    alarms_of_device,
    course_of,
    device_of_thing,
    gaps_of,
    get_alarm,
    get_device,
    list_candidates,
    list_devices,
    list_maintenance,
)
from zhicheng.core.telemetry.queries.devices.live import LiveSnapshot, live_devices
from zhicheng.core.telemetry.queries.devices.models import list_models, list_rules
from zhicheng.core.telemetry.queries.devices.open_alarms import OpenAlarm, list_open_alarms
from zhicheng.core.telemetry.queries.devices.owning import may_manage_device
from zhicheng.core.telemetry.queries.history import history
from zhicheng.core.telemetry.queries.latest import counts_of, find_streams_of, latest_of, silent_since
from zhicheng.core.telemetry.queries.topics import subjects_for
from zhicheng.core.telemetry.registry import after_batch, floods, unknown_streams

__all__ = [
    "BrokerConnection",
    "Collecting",
    "DeviceFilter",
    "LiveSnapshot",
    "OpenAlarm",
    "accept_bulk",
    "accept_readings",
    "after_batch",
    "alarms_of_device",
    "approve_candidate",
    "change_secret",
    "close_alarm",
    "counts_of",
    "course_of",
    "device_of_thing",
    "device_secret",
    "end_maintenance",
    "ensure_stream",
    "feed_layer",
    "find_streams_of",
    "floods",
    "forget_streams",
    "gaps_of",
    "get_alarm",
    "get_device",
    "history",
    "latest_of",
    "list_candidates",
    "list_devices",
    "list_maintenance",
    "list_models",
    "list_open_alarms",
    "list_rules",
    "live_devices",
    "lock_out",
    "may_connect",
    "may_manage_device",
    "notice_silence",
    "plan_maintenance",
    "prompt_alarms",
    "raise_alarms",
    "read_device_file",
    "refuse_candidate",
    "register_devices",
    "register_streams",
    "restore_streams",
    "retire_device",
    "show_key",
    "silent_since",
    "subjects_for",
    "tend_observations",
    "unknown_streams",
]

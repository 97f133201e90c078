"""The town with devices: a noise monitor and the smoke detectors of one building."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import yaml

from zhicheng.core.packs.models import Release
from zhicheng.core.packs.public import PackSource, forget_installed_pack, sections
from zhicheng.core.parties.public import forget_unit_tree
from zhicheng.core.parties.values import system_actor
from zhicheng.core.places.public import forget_known
from zhicheng.core.telemetry.models import Datastream
from zhicheng.core.telemetry.operations.devices.registering import register_devices
from zhicheng.core.telemetry.operations.ingesting import accept_readings
from zhicheng.core.telemetry.operations.process import Collecting
from zhicheng.core.telemetry.tests.sensing import NOW
from zhicheng.core.telemetry.values import DeviceRow, Reading, Registration, batch_of, to_us

TINYTOWN = Path(__file__).resolve().parents[5] / "packs" / "tinytown"
SYSTEM = system_actor("test")
EAST = (118.0, 30.0)


RULES = ("lake", "rule_parameters", "rule_tables", "rules")
_SECTIONS = ("divisions", "areas", "units", "calendars", "processes", "devices")


def install_town(more: tuple[str, ...] = ()) -> None:
    """Those parts of the pack that devices need: a whole install takes seconds."""
    manifest = yaml.safe_load((TINYTOWN / "pack.yaml").read_text())
    fields = {"code": "tinytown", "version": "1.0.0", "digest": uuid4().hex, "software": "", "manifest": manifest}
    Release.objects.create(**fields, described=b"", installed_at=NOW, actor_ref="system:test")
    values = {code: sections[code].load(TINYTOWN).value for code in (*more, *_SECTIONS)}
    source = PackSource(TINYTOWN, "tinytown", "1.0.0", values)
    for code, value in values.items():
        sections[code].install(value, source, NOW)
    forget_installed_pack()
    forget_unit_tree()
    forget_known()


def device(key: str, model: str = "noise_monitor", group: str = "", line: int = 2) -> DeviceRow:
    return DeviceRow(line, key, f"{key} 号", model, EAST[0], EAST[1], "", group)


def registered(*keys: str, model: str = "noise_monitor", group: str = "") -> Registration:
    return register_devices([device(key, model, group) for key in keys], actor=SYSTEM, now=NOW)


def stream_of(key: str, code: str) -> int:
    return Datastream.objects.get(thing__key=key, code=code).pk


class Sending:
    """Readings sent and collected; seconds count from NOW."""

    def __init__(self) -> None:
        self._collecting = Collecting(commit_s=3600, now=NOW)

    def send(self, *readings: tuple[int, float, float]) -> None:
        """Readings as (stream, seconds, value), received when the last of them was made."""
        at = NOW + timedelta(seconds=max(second for _, second, _ in readings))
        made = [Reading(stream, to_us(NOW + timedelta(seconds=second)), value) for stream, second, value in readings]
        accept_readings(batch_of(made), source="test", now=at)
        self._collecting.step(at)

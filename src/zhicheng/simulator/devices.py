"""A few hundred devices of the demo city, and what they measure: the same at every instant for everybody.

Values are computed from the device and the instant, not drawn: a day has its rhythm, some devices have a story.
"""

import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from zhicheng.core.places.errors import PointOutsideCity
from zhicheng.core.places.public import list_landmarks, locate_point
from zhicheng.core.telemetry.public import accept_readings, find_streams_of, latest_of, list_models, register_devices
from zhicheng.core.telemetry.values import DeviceRow, ReadingBatch, Registration, to_us
from zhicheng.kit.clock import CHINA
from zhicheng.simulator.running import SIMULATOR

_SEED = 20260105
_COUNTS = {
    "noise_monitor": 48,
    "water_level": 36,
    "air_station": 24,
    "smoke_detector": 48,
    "elevator_monitor": 30,
    "bridge_tilt": 16,
    "manhole_cover": 40,
    "charging_spot": 24,
}
_PREFIXES = {
    "noise_monitor": "NOISE",
    "water_level": "WATER",
    "air_station": "AIR",
    "smoke_detector": "SMOKE",
    "elevator_monitor": "LIFT",
    "bridge_tilt": "BRIDGE",
    "manhole_cover": "COVER",
    "charging_spot": "CHARGE",
}
_AROUND = 0.012  # degrees from a landmark, at most
_SMOKE_A_BUILDING = 4
_SILENT = 29  # every so many devices have fallen silent
_STEP = timedelta(minutes=10)
_LOOK_S = 0.1
SOURCE = "simulator"


@dataclass(frozen=True)
class Signal:
    """One stream of one demo device."""

    stream: int
    code: str
    number: int


def seed_devices(now: datetime) -> Registration:
    """Register the devices of the models that the pack has; again changes nothing."""
    return register_devices(demo_devices(), actor=SIMULATOR, now=now)


def demo_devices() -> Iterator[DeviceRow]:
    """Devices near well-known places, as a file would list them."""
    draw = random.Random(_SEED)
    places = list(list_landmarks())
    models = list_models()
    line = 1
    for model in (model for model in _COUNTS if model in models and places):
        for number in range(1, _COUNTS[model] + 1):
            line += 1
            mark = draw.choice(places)
            longitude, latitude = _near(mark.point.longitude, mark.point.latitude, draw)
            key = f"DEMO-{_PREFIXES[model]}-{number:04d}"
            site = f"demo-{(number - 1) // _SMOKE_A_BUILDING}" if model == "smoke_detector" else ""
            name = f"{mark.name}{models[model].label}{number}"
            yield DeviceRow(line, key, name, model, longitude, latitude, "", site)


def _near(longitude: float, latitude: float, draw: random.Random) -> tuple[float, float]:
    """A point near another one, inside the city."""
    for _ in range(8):
        point = (
            round(longitude + draw.uniform(-_AROUND, _AROUND), 6),
            round(latitude + draw.uniform(-_AROUND, _AROUND), 6),
        )
        try:
            locate_point(*point)
        except PointOutsideCity:
            continue
        return point
    return longitude, latitude


def signals() -> list[Signal]:
    """Every stream of the demo devices that ingest knows."""
    models = list_models()
    named = [
        (f"DEMO-{_PREFIXES[model]}-{number:04d}", stream.code, number)
        for model, count in _COUNTS.items()
        if model in models
        for number in range(1, count + 1)
        for stream in models[model].streams
    ]
    found = find_streams_of([f"{key}/{code}" for key, code, _ in named])
    return [
        Signal(int(stream), code, number) for stream, (_, code, number) in zip(found, named, strict=True) if stream > 0
    ]


def send_readings(streams: Sequence[Signal], at: datetime) -> int:
    """Let every device that is not silent send what it measures now; how many readings were taken."""
    talking = [each for each in streams if each.number % _SILENT]
    return _send([(each, at) for each in talking], at)


def send_past(streams: Sequence[Signal], *, since: datetime, now: datetime) -> int:
    """What the devices would have sent since then, every ten minutes; the silent ones stopped two hours ago."""
    taken, at = 0, since
    while at < now:
        due = [each for each in streams if each.number % _SILENT or at < now - timedelta(hours=2)]
        taken += _send([(each, at) for each in due], now)
        at += _STEP
    return taken


def await_taken(streams: Sequence[Signal], at: datetime, *, most_s: float) -> bool:
    """Wait until the collector has taken what was sent for this instant; false where it did not within the time.

    Until then the newest readings are those of hours ago, and all devices seem to be away.
    """
    talking = np.array([each.stream for each in streams if each.number % _SILENT], np.int64)
    deadline_s = time.monotonic() + most_s
    while time.monotonic() < deadline_s:
        found = latest_of(talking)
        if bool(found.known.all()) and int(found.at_us.min(initial=to_us(at))) >= to_us(at):
            return True
        time.sleep(_LOOK_S)
    return False


def _send(readings: Sequence[tuple[Signal, datetime]], now: datetime) -> int:
    if not readings:
        return 0
    batch = ReadingBatch(
        np.array([each.stream for each, _ in readings], np.int64),
        np.array([to_us(at) for _, at in readings], np.int64),
        np.array([value_at(each, at) for each, at in readings], np.float64),
    )
    return accept_readings(batch, source=SOURCE, now=now).accepted


def value_at(signal: Signal, at: datetime) -> float:
    """What a stream measures at an instant."""
    local = at.astimezone(CHINA)
    hour = local.hour + local.minute / 60
    draw = random.Random(f"{signal.stream}:{int(at.timestamp()) // 60}")
    day = math.sin((hour - 9) / 24 * 2 * math.pi)
    shift = (signal.number * 37 % 100) / 100
    return round(_measure(signal, day, shift, draw), 3)


def _measure(signal: Signal, day: float, shift: float, draw: random.Random) -> float:
    number, code = signal.number, signal.code
    if number == 7 and code in _STORIES:  # one device of each kind has something to tell
        return _STORIES[code] + draw.uniform(0, 0.05 * _STORIES[code])
    base, swing, noise, least = _COURSES[code]
    return max(least, base + swing * day + noise * (draw.random() + shift - 1))


# what one device of each kind tells; the rest follow the course of the day: mean, swing, noise, least
_STORIES = {"noise_db": 79.0, "level_m": 0.34, "pm25": 168.0, "open_deg": 62.0, "vibration": 3.1}
_COURSES = {
    "noise_db": (52.0, 9.0, 6.0, 30.0),  # the limit at night is 55, by day 70
    "battery": (86.0, 0.0, 12.0, 0.0),
    "level_m": (0.02, 0.01, 0.02, 0.0),
    "pm25": (26.0, 9.0, 8.0, 2.0),
    "ozone": (70.0, 40.0, 15.0, 1.0),
    "temperature": (24.0, 5.0, 2.0, -5.0),
    "smoke": (0.01, 0.0, 0.02, 0.0),
    "trapped": (0.0, 0.0, 0.0, 0.0),
    "vibration": (0.6, 0.3, 0.3, 0.0),
    "tilt_deg": (0.08, 0.03, 0.03, -10.0),
    "strain": (120.0, 40.0, 20.0, -5000.0),
    "open_deg": (0.0, 0.0, 1.0, 0.0),
    "free": (9.0, -6.0, 4.0, 0.0),
    "power_kw": (240.0, 160.0, 60.0, 0.0),
}

"""The part of a pack that telemetry reads: device models with their streams and alarm rules."""

from zhicheng.core.packs.public import sections
from zhicheng.core.telemetry.sections.devices import DEVICES
from zhicheng.core.telemetry.sections.messages import register_messages


def register() -> None:
    """Add the section, once."""
    if DEVICES.code not in sections:
        sections.add(DEVICES.code, DEVICES)
    register_messages()

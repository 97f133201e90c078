"""The parts of a pack that the twin reads."""

from zhicheng.apps.twin.sections import messages  # noqa: F401
from zhicheng.apps.twin.sections.commands import COMMANDS
from zhicheng.core.packs.public import sections


def register() -> None:
    """Add the sections, once."""
    for section in (COMMANDS,):
        if section.code not in sections:
            sections.add(section.code, section)

"""The parts of a pack that `packs` itself owns: the manifest and the pack's own tests."""

from datetime import datetime
from typing import Any

from zhicheng.core.packs.base import PackSource, Section, sections
from zhicheng.core.packs.base.manifest import MANIFEST, check_manifest, describe_manifest, load_manifest
from zhicheng.core.packs.base.selftests import SELFTESTS, check_selftests, describe_selftests, load_selftests


def register() -> None:
    """Register both sections; the manifest must be the first of all."""
    sections.add(
        MANIFEST,
        Section(MANIFEST, "城市包", load_manifest, check_manifest, _nothing_to_install, describe_manifest),
    )
    sections.add(
        SELFTESTS,
        Section(SELFTESTS, "测试", load_selftests, check_selftests, _nothing_to_install, describe_selftests),
    )


def _nothing_to_install(_value: Any, _pack: PackSource, _now: datetime) -> None:
    """The release row itself carries the manifest; tests leave nothing behind."""

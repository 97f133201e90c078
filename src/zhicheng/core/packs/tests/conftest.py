from collections.abc import Iterator
from pathlib import Path

import pytest

from zhicheng.core.packs.base import guards, sections, test_kinds
from zhicheng.core.packs.public import forget_installed_pack
from zhicheng.core.packs.sections import register
from zhicheng.core.packs.tests.city import ShopKeeper, write_pack


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopKeeper]:
    """Only the sections of packs itself and the shops; registries as they were afterwards."""
    for registry in (sections, guards, test_kinds):
        monkeypatch.setattr(registry, "_entries", {})
    register()
    keeper = ShopKeeper()
    sections.add("shops", keeper.section())
    forget_installed_pack()
    yield keeper
    forget_installed_pack()


@pytest.fixture
def rivertown(tmp_path: Path, keeper: ShopKeeper) -> Path:
    return write_pack(tmp_path / "rivertown")

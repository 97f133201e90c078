from collections.abc import Iterator
from pathlib import Path

import pytest

from zhicheng.apps.twin.public import forget_words
from zhicheng.apps.twin.sections.commands import COMMANDS
from zhicheng.apps.twin.tests.small_city import NOW, fill_city, write_town
from zhicheng.core.lake.sections.tables import TABLES
from zhicheng.core.packs import base
from zhicheng.core.packs.public import forget_installed_pack, install_pack
from zhicheng.core.packs.sections import register
from zhicheng.core.places.public import forget_known
from zhicheng.core.places.sections import AREAS, DIVISIONS, LANDMARKS
from zhicheng.core.places.sections.layers import LAYERS


@pytest.fixture
def small_city(tmp_path: Path, settings, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Yunxi with only the parts of its pack that commands are read with; a lake and indexes of its own."""
    for registry in (base.sections, base.guards, base.test_kinds):
        monkeypatch.setattr(registry, "_entries", {})
    register()
    for section in (DIVISIONS, AREAS, LANDMARKS, LAYERS, TABLES, COMMANDS):
        base.sections.add(section.code, section)
    settings.HOME = tmp_path / "home"
    for forget in (forget_installed_pack, forget_known, forget_words):
        forget()
    install_pack(write_town(tmp_path / "town"), actor_ref="system:test", now=NOW)
    fill_city()
    yield
    for forget in (forget_installed_pack, forget_known, forget_words):
        forget()

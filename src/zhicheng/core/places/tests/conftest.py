from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhicheng.core.packs import base
from zhicheng.core.packs.public import Fault, PackSource, forget_installed_pack
from zhicheng.core.packs.public import install_pack as install_whole_pack
from zhicheng.core.packs.sections import register
from zhicheng.core.places import models
from zhicheng.core.places.gate.opening import forget_readers
from zhicheng.core.places.public import forget_known
from zhicheng.core.places.queries import known
from zhicheng.core.places.sections import AREAS, DIVISIONS, LANDMARKS
from zhicheng.core.places.sections.layers import LAYERS
from zhicheng.core.places.tests.hamlet import write_hamlet

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
SHENZHEN = Path(__file__).resolve().parents[5] / "packs" / "shenzhen"


def load_pack(root: Path) -> tuple[PackSource, list[Fault]]:
    """The three sections of a pack folder, loaded and checked as an install would."""
    values, faults = {}, []
    for section in (DIVISIONS, AREAS, LANDMARKS):
        loaded = section.load(root)
        values[section.code] = loaded.value
        faults += loaded.faults
    pack = PackSource(root, "test", "1", values)
    for section in (DIVISIONS, AREAS, LANDMARKS):
        faults += section.check(values[section.code], pack)
    return pack, faults


def install_pack(root: Path, now: datetime = NOW) -> PackSource:
    pack, faults = load_pack(root)
    assert not faults
    for section in (DIVISIONS, AREAS, LANDMARKS):
        section.install(pack.values[section.code], pack, now)
    return pack


@pytest.fixture(scope="session")
def shenzhen_pack() -> tuple[PackSource, list[Fault]]:
    return load_pack(SHENZHEN)


_built: list[known.Known] = []


@pytest.fixture
def city(db: None, shenzhen_pack: tuple[PackSource, list[Fault]]) -> Iterator[PackSource]:
    """The Shenzhen pack's places: installed for the first test, for the others the atlas that was read then."""
    pack, _ = shenzhen_pack
    if _built:
        revision = _built[0].atlas.revision
        models.AtlasRevision.objects.create(revision=revision, revised_at=NOW)
        known._holder.hold(_built[0])
    else:
        for section in (DIVISIONS, AREAS, LANDMARKS):
            section.install(pack.values[section.code], pack, NOW)
        _built.append(known.get_known())
    yield pack
    forget_known()


@pytest.fixture
def hamlet(tmp_path: Path, settings, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A pack of layers alone, installed; a lake and indexes of its own."""
    for registry in (base.sections, base.guards, base.test_kinds):
        monkeypatch.setattr(registry, "_entries", {})
    register()
    base.sections.add(LAYERS.code, LAYERS)
    settings.HOME = tmp_path / "home"
    forget_installed_pack()
    forget_readers()
    root = write_hamlet(tmp_path / "hamlet")
    install_whole_pack(root, actor_ref="system:test", now=NOW)
    yield root
    forget_installed_pack()
    forget_readers()

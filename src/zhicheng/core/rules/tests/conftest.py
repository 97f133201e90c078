from collections.abc import Iterator
from pathlib import Path

import pytest

from zhicheng.core.packs.base import guards, sections, test_kinds
from zhicheng.core.packs.public import forget_installed_pack, install_pack
from zhicheng.core.packs.sections import register
from zhicheng.core.rules.tests.town import NOW, write_pack

_PARTS = ("lake", "rule_parameters", "rule_tables", "rules")


@pytest.fixture
def only_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings) -> Iterator[None]:
    """Only the sections that rules need, a lake of its own."""
    kept, kind = [sections[code] for code in _PARTS], test_kinds["rule"]
    for registry in (sections, guards, test_kinds):
        monkeypatch.setattr(registry, "_entries", {})
    register()
    for section in kept:
        sections.add(section.code, section)
    test_kinds.add("rule", kind)
    settings.HOME = tmp_path / "home"
    forget_installed_pack()
    yield
    forget_installed_pack()


@pytest.fixture
def town(tmp_path: Path, only_rules: None) -> Path:
    return write_pack(tmp_path / "town")


@pytest.fixture
def installed(town: Path, db: None) -> Path:
    install_pack(town, actor_ref="system:test", now=NOW)
    return town

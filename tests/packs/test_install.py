"""The whole tiny town, with every section there is: installed, refused, upgraded."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhicheng.core.packs.public import (
    PackRefused,
    current_pack,
    current_release,
    diff_installed,
    forget_installed_pack,
    install_pack,
    release_notes_for,
    run_pack_tests,
)
from zhicheng.core.packs.values import PackRelease
from zhicheng.core.parties.public import get_unit_tree

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TINYTOWN = Path(__file__).resolve().parents[2] / "packs" / "tinytown"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    forget_installed_pack()
    return Path(shutil.copytree(TINYTOWN, tmp_path / "town"))


def install(root: Path) -> PackRelease:
    return install_pack(root, now=NOW, actor_ref="system:test")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


class TestTinyTown:
    def test_runs_on_the_same_code(self, town: Path):
        assert install(town).fresh
        assert current_pack().name == "云溪镇"
        assert set(get_unit_tree().all()) == {"YX", "YX-WORKS", "YX-WATER"}

    def test_is_installed_once(self, town: Path):
        first = install(town)
        assert not install(town).fresh
        assert current_release().id == first.id

    def test_passes_its_own_tests(self, town: Path):
        count, faults = run_pack_tests(town)
        assert faults == []
        assert count == 9

    def test_stays_when_a_broken_pack_comes(self, town: Path):
        install(town)
        edit(town / "units.csv", "water_supply,,,", "water_supply,,")
        edit(town / "pack.yaml", "version: 0.1.0", "version: 0.2.0")
        with pytest.raises(PackRefused) as refused:
            install(town)
        assert ("units.csv", 4) in {(fault.file, fault.line) for fault in refused.value.faults}
        assert current_pack().version == "0.1.0"
        assert "YX-WATER" in get_unit_tree()

    def test_stays_when_an_upgrade_would_lose_a_unit(self, town: Path):
        install(town)
        lines = (town / "units.csv").read_text().splitlines(keepends=True)
        (town / "units.csv").write_text("".join(line for line in lines if not line.startswith("YX-WATER")))
        edit(town / "taxonomy.csv", "water_supply@city", "government@city")
        edit(town / "services" / "items" / "works.yaml", "department: water_supply", "department: government")
        with pytest.raises(PackRefused) as refused:
            install(town)
        assert [fault.code for fault in refused.value.faults] == ["units.left_behind"]

    def test_writes_release_notes_of_an_upgrade(self, town: Path):
        install(town)
        edit(town / "pack.yaml", "version: 0.1.0", "version: 0.2.0")
        edit(town / "units.csv", "供水站,供水站", "供水公司,供水公司")
        edit(town / "calendars" / "2026.yaml", "  - 2026-01-04 # 元旦\n", "  - 2026-01-04\n  - 2026-10-10\n")
        assert len(diff_installed(town)) == 2
        notes = release_notes_for(town)
        assert "# 云溪镇城市包 0.1.0 → 0.2.0 更新说明" in notes
        assert "由 云溪镇供水站 改为 云溪镇供水公司" in notes
        assert "补班 由 01-04 改为 01-04、10-10" in notes

from pathlib import Path

import pytest

from zhicheng.core.packs.public import (
    NoPackInstalled,
    diff_installed,
    diff_packs,
    install_pack,
    release_notes_between,
    release_notes_for,
)
from zhicheng.core.packs.tests.city import MANIFEST, NOW, SHOPS, ShopKeeper, write_pack
from zhicheng.core.packs.values import ChangeKind


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    shops = "code,label,limit_days\nbakery,面包店,3\nbooks,书店,2\nflowers,花店,2\n"
    return write_pack(tmp_path / "newer", manifest=MANIFEST.replace("1.0.0", "1.1.0"), shops=shops)


class TestDiffPacks:
    def test_finds_what_was_added_changed_and_removed(self, rivertown: Path, newer: Path):
        changes = {(change.kind, change.item.code) for change in diff_packs(rivertown, newer)}
        assert changes == {
            (ChangeKind.ADDED, "books"),
            (ChangeKind.ADDED, "flowers"),
            (ChangeKind.CHANGED, "bakery"),
            (ChangeKind.REMOVED, "tea"),
        }

    def test_reads_like_a_release_note(self, rivertown: Path, newer: Path):
        notes = release_notes_between(rivertown, newer)
        assert notes == (
            "# 河湾镇城市包 1.0.0 → 1.1.0 更新说明\n\n"
            "本次新增 2 项、停用 1 项、调整 1 项。\n\n"
            "## 店铺\n\n"
            "- 新增 2 个店铺：「书店」、「花店」。\n"
            "- 停用 1 个店铺：「茶馆」。\n"
            "- 店铺「面包店」：办理时限 由 5 个工作日 改为 3 个工作日。\n"
        )

    def test_says_that_nothing_changed(self, rivertown: Path):
        assert "内容没有变化" in release_notes_between(rivertown, rivertown)

    def test_names_twelve_of_many(self, rivertown: Path, tmp_path: Path):
        many = SHOPS + "".join(f"shop{number},第{number}店,1\n" for number in range(20))
        notes = release_notes_between(rivertown, write_pack(tmp_path / "many", shops=many))
        assert "新增 20 个店铺" in notes
        assert "「第11店」等。" in notes

    def test_tells_forty_of_many_changes(self, rivertown: Path, tmp_path: Path):
        old, new = (
            "code,label,limit_days\n" + "".join(f"shop{number},第{number}店,{days}\n" for number in range(50))
            for days in (1, 2)
        )
        write_pack(rivertown, shops=old)
        notes = release_notes_between(rivertown, write_pack(tmp_path / "slower", shops=new))
        assert notes.count("办理时限 由 1 个工作日 改为 2 个工作日") == 40
        assert "- 另有 10 个店铺作了调整。" in notes

    def test_tells_a_new_text_of_the_manifest(self, rivertown: Path, tmp_path: Path):
        manifest = MANIFEST.replace("0.5", "0.7").replace('"12345"', '"12348"') + "  slogan: 有事说\n"
        notes = release_notes_between(rivertown, write_pack(tmp_path / "texts", manifest=manifest))
        assert "自动分拨的最低置信度 由 0.5 改为 0.7" in notes
        assert "内容 由 12345 改为 12348" in notes
        assert "新增 1 个文字：「slogan」" in notes


@pytest.mark.django_db
class TestDiffInstalled:
    def test_compares_with_what_was_installed_not_with_its_folder(self, rivertown: Path, newer: Path):
        install_pack(rivertown, now=NOW, actor_ref="system:test")
        write_pack(rivertown, shops="code,label,limit_days\n")
        assert len(diff_installed(newer)) == 4
        assert "1.0.0 → 1.1.0" in release_notes_for(newer)

    def test_needs_an_installed_pack(self, newer: Path, keeper: ShopKeeper):
        with pytest.raises(NoPackInstalled):
            diff_installed(newer)

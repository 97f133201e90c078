from pathlib import Path

import pytest

from zhicheng.config.operating.doctor import examine
from zhicheng.core.parties.public import create_official
from zhicheng.core.parties.values import NewOfficial, system_actor
from zhicheng.kit.clock import now


def states(*, demo: bool = False) -> dict[str, str]:
    return {check.name: check.state for check in examine(now(), demo=demo)}


@pytest.mark.django_db
class TestExamine:
    def test_finds_a_good_database_and_the_missing_pack(self):
        found = states()
        assert found["数据库版本"] == found["中文检索"] == found["时钟"] == found["数据库结构"] == "ok"
        assert found["城市包"] == "fail"

    def test_refuses_demo_accounts_outside_a_demo(self, settings, tmp_path: Path):
        settings.KEYS_ROOT = tmp_path / "keys"
        new = NewOfficial("dispatcher", "Lychee-Park-2026", "陈立", demo=True)
        create_official(new, actor=system_actor("test"), now=now())
        assert states()["演示账号"] == "fail"
        assert states(demo=True)["演示账号"] == "ok"

    def test_refuses_keys_that_others_can_read(self, settings, tmp_path: Path):
        settings.KEYS_ROOT = tmp_path / "keys"
        settings.KEYS_ROOT.mkdir(mode=0o700)
        (settings.KEYS_ROOT / "ledger-ed25519.pem").touch(mode=0o600)
        assert states()["权限 keys"] == "ok"
        (settings.KEYS_ROOT / "ledger-ed25519.pem").chmod(0o644)
        assert states()["权限 keys"] == "fail"

    def test_refuses_files_that_others_can_reach(self, settings, tmp_path: Path):
        settings.FILES_ROOT = tmp_path / "files"
        settings.FILES_ROOT.mkdir(mode=0o755)
        assert states()["权限 files"] == "fail"
        settings.FILES_ROOT.chmod(0o700)
        assert "权限 files" not in states()

    def test_says_what_to_do_about_everything_that_is_not_right(self, settings):
        settings.DEBUG = True
        wrong = [check for check in examine(now()) if check.state != "ok"]
        assert {"调试模式", "城市包"} <= {check.name for check in wrong}
        assert all(check.advice for check in wrong)

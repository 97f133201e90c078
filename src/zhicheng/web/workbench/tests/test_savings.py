"""The leader's page of what themes have saved."""

import csv
import io

import pytest

from zhicheng.apps.services.values import Effort, Saving, ThemeSaving
from zhicheng.web.workbench import savings
from zhicheng.web.workbench.tests.conftest import hire, signed_in

BIRTH = ThemeSaving("newborn", "新生儿出生一件事", 12, Saving(Effort(240, 600, 96, 180), Effort(36, 48, 0, 60)))
HOUSE = ThemeSaving("house", "二手房过户一件事", 3, Saving(Effort(30, 30, 12, 24), Effort(9, 33, 3, 15)))
PAGE = "/workbench/reports/savings/"


@pytest.fixture
def leader():
    hire("he.leader", "何立", role="leader")
    return signed_in("he.leader")


@pytest.fixture
def _finished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(savings, "finished_savings", lambda _since, _until: [BIRTH, HOUSE])


@pytest.mark.usefixtures("_finished")
class TestSavings:
    def test_shows_each_theme_and_the_city(self, leader) -> None:
        page = leader.get(PAGE).content.decode()
        assert "新生儿出生一件事" in page
        assert "600 → 48" in page
        assert "少 549" in page, "the city: 630 days alone, 81 as they were"

    def test_does_not_hide_what_took_longer(self, leader) -> None:
        assert "多 3" in leader.get(PAGE).content.decode()

    def test_can_be_taken_along_as_a_table(self, leader) -> None:
        answer = leader.get("/workbench/reports/savings.csv?period=month")
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="savings-month-')
        head, birth, _, total = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert (head[0], head[3]) == ("一件事", "环节（个）：分开办")
        assert birth[:6] == ["新生儿出生一件事", "newborn", "12", "240", "36", "204"]
        assert total[:3] == ["合计", "", "15"]

    def test_is_for_those_who_may_see_the_cockpit(self) -> None:
        hire("chen.wei", "陈伟", role="handler")
        assert signed_in("chen.wei").get(PAGE).status_code == 403
        assert signed_in("chen.wei").get("/workbench/reports/savings.csv").status_code == 403


def test_says_that_nothing_is_finished_yet(leader) -> None:
    page = leader.get(f"{PAGE}?period=nonsense").content.decode()
    assert "这段时间还没有办结的一件事" in page
    assert 'aria-current="page">今年' in page

"""Pages of indicators: the catalogue, one indicator, its rows; who may see which."""

import pytest

from zhicheng.apps.appeals.tests.town import official, promote
from zhicheng.apps.governance.tests.days import EAST_BRIDGE, TODAY, appeals, follow

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def counted(monday, settings, tmp_path) -> None:
    """A town with three appeals at the east bridge, counted."""
    settings.HOME = tmp_path
    appeals(east=3)
    follow()


@pytest.mark.usefixtures("counted")
class TestCatalogue:
    def test_shows_values_and_says_what_is_missing(self):
        page = official("sun.jie").get("/workbench/indicators/").content.decode()
        assert "受理诉求量" in page
        assert "3 件" in page
        assert "数据表 layer_building 还没有数据" in page

    def test_finds_by_words_and_state(self):
        client = official("sun.jie")
        found = client.get("/workbench/indicators/", {"q": "紧急 占比"}).content.decode()
        assert "紧急诉求占比" in found
        assert "受理诉求量" not in found
        assert "没有符合条件的指标" in client.get("/workbench/indicators/", {"q": "火星"}).content.decode()
        assert "建筑物数量" in client.get("/workbench/indicators/", {"state": "missing"}).content.decode()

    def test_is_for_those_who_may_see_the_cockpit(self):
        assert official("chen.wei").get("/workbench/indicators/").status_code == 403


@pytest.mark.usefixtures("counted")
class TestOne:
    def test_shows_course_parts_and_definition(self):
        page = official("sun.jie").get("/workbench/indicators/appeal.received/").content.decode()
        for words in ("<polyline", "云溪镇区", "怎样读", "count(*)", "case 第"):
            assert words in page

    def test_goes_down_to_a_community(self):
        page = official("sun.jie").get("/workbench/indicators/appeal.received/", {"area": EAST_BRIDGE})
        assert "东桥社区" in page.content.decode()
        assert official("sun.jie").get("/workbench/indicators/appeal.received/", {"area": "1"}).status_code == 404

    def test_says_why_there_is_no_value(self):
        page = official("sun.jie").get("/workbench/indicators/building.count/").content.decode()
        assert "缺数据" in page
        assert "不以 0 代替" in page

    def test_is_not_found_where_nobody_defined_it(self):
        assert official("sun.jie").get("/workbench/indicators/none/").status_code == 404


@pytest.mark.usefixtures("counted")
class TestRows:
    def test_lists_what_was_counted(self):
        page = official("sun.jie").get("/workbench/indicators/appeal.received/rows/", {"period": TODAY})
        assert page.content.decode().count("/workbench/cases/YX") == 3

    def test_is_refused_to_who_neither_governs_nor_owns(self):
        promote("li.na", "leader", "YX-WATER")
        client = official("li.na")
        assert client.get("/workbench/indicators/appeal.received/").status_code == 200
        assert client.get("/workbench/indicators/appeal.received/rows/", {"period": TODAY}).status_code == 403

    def test_exports_the_series(self):
        answer = official("sun.jie").get("/workbench/indicators/appeal.received/series.csv")
        assert f"{TODAY},3.0," in answer.content.decode()


@pytest.mark.usefixtures("counted")
class TestApi:
    def test_pages_definitions_and_values(self):
        client = official("sun.jie")
        first = client.get("/api/v1/indicators", {"limit": 2}).json()
        rest = client.get("/api/v1/indicators", {"limit": 9, "after": first["after"]}).json()
        assert [each["code"] for each in first["items"]] == ["appeal.open", "appeal.received"]
        assert (len(rest["items"]), rest["after"]) == (3, "")
        values = client.get("/api/v1/indicators/values", {"code": "appeal.received"}).json()["items"]
        assert [(each["value"], each["state"]) for each in values] == [(3.0, "ok")]

    def test_gives_series_areas_rows_and_alerts(self):
        client = official("sun.jie")
        base = "/api/v1/indicators/appeal.received"
        assert client.get(f"{base}/series").json()[-1]["value"] == 3
        assert client.get(f"{base}/areas", {"level": "community"}).json()[0]["value"] == 3
        rows = client.get(f"{base}/rows", {"period": TODAY, "limit": 2}).json()
        assert (len(rows["rows"]), bool(rows["after"]), rows["is_as_of"]) == (2, True, True)
        assert client.get("/api/v1/indicators/alerts").json()[0]["indicator"] == "appeal.open"

    def test_is_closed_to_others(self, client):
        assert client.get("/api/v1/indicators").status_code == 401
        assert official("chen.wei").get("/api/v1/indicators").status_code == 403
        assert official("sun.jie").get("/api/v1/indicators/none").status_code == 404
        assert official("sun.jie").get("/api/v1/indicators/appeal.open/rows?period=x").status_code in (400, 422)

"""/workbench/twin/: the layers, what is near, one object, from the outside."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from zhicheng.apps.twin.public import forget_words
from zhicheng.apps.twin.tests.small_city import fill_city
from zhicheng.core.lake.values import ColumnType
from zhicheng.core.places.public import forget_readers, open_layer
from zhicheng.core.places.values import LayerColumn
from zhicheng.web.workbench.tests.conftest import hire, signed_in
from zhicheng.web.workbench.twin import words_of

HOME = "/workbench/twin/"


@pytest.fixture
def chen(settings, tmp_path) -> Client:
    """Chen handles cases; the town has a few buildings."""
    settings.HOME = tmp_path / "home"
    forget_readers()
    forget_words()
    fill_city()
    hire("chen.wei", role="handler", unit="YX-WORKS")
    return signed_in("chen.wei")


def line(page, code: str) -> dict:
    return next(each for each in page.context["layers"] if each["code"] == code)


class TestWordsOf:
    def test_tells_an_instant_by_the_clocks_of_the_city(self):
        seen = LayerColumn("last_seen", "上次数据", ColumnType.TIMESTAMP)
        assert words_of(seen, datetime(2026, 3, 10, 16, 30, tzinfo=UTC)) == "2026-03-11 00:30"


class TestHome:
    def test_lists_the_layers_with_what_they_hold(self, chen):
        page = chen.get(HOME)
        assert line(page, "building")["count"] == f"{open_layer('building').count:,}"
        assert "模拟数据" in line(page, "building")["source"]

    def test_finds_a_building_by_its_name(self, chen):
        page = chen.get(HOME, {"q": "溪畔1号楼"})
        assert page.context["hits"][0]["url"].startswith("/workbench/twin/building/")
        assert "溪畔1号楼" in chen.get(HOME + "suggest/", {"q": "溪畔"}).content.decode()

    def test_says_what_is_near_a_point(self, chen):
        reader = open_layer("building")
        longitude, latitude = reader.centres([0])[0].tolist()
        near = chen.get(HOME, {"near": f"{longitude},{latitude}"}).context["near"]
        (buildings,) = [group for group in near["groups"] if group["label"] == "建筑物"]
        assert (buildings["items"][0]["url"], buildings["items"][0]["metres"]) == (
            f"/workbench/twin/building/{reader.key_of(0)}/",
            "0 米",
        )

    @pytest.mark.parametrize("near", ["", "x,y", "1", "999,1", "nan,1"])
    def test_takes_nonsense_for_no_point(self, chen, near):
        assert chen.get(HOME, {"near": near}).context["near"] is None


class TestLayer:
    def test_shows_its_objects_and_its_columns(self, chen):
        page = chen.get(HOME + "building/").context
        assert len(page["rows"]) == open_layer("building").count
        assert page["columns"][0].code == "building_key"

    def test_shows_nothing_behind_the_last(self, chen):
        assert chen.get(HOME + "building/", {"after": "9999"}).context["rows"] == []

    def test_that_nobody_declared_is_not_found(self, chen):
        assert chen.get(HOME + "atlantis/").status_code == 404


class TestObject:
    def test_says_what_is_known_and_where_it_lies(self, chen):
        key = open_layer("building").key_of(0)
        page = chen.get(f"{HOME}building/{key}/").context
        facts = {fact["label"]: fact["words"] for fact in page["facts"]}
        assert facts["建筑编号"] == key
        assert page["map"]["marker"]

    def test_that_is_not_there_is_not_found(self, chen):
        assert chen.get(f"{HOME}building/B9999/").status_code == 404
        assert chen.get(f"{HOME}building/%27%3B--/").status_code == 404


class TestEveryAddress:
    @pytest.mark.parametrize("path", ["", "suggest/", "building/", "building/B01/"])
    def test_is_for_officials(self, client, path):
        assert client.get(HOME + path).status_code == 302

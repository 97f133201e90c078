"""/workbench/twin/services/ and /api/v1/services/: calls and quotas, from the outside."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from zhicheng.apps.twin.public import add_calls, quota_of
from zhicheng.apps.twin.values.services import CallerKind, CallLine, Quota, Service
from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.public import issue_api_key
from zhicheng.core.parties.values import system_actor
from zhicheng.kit.clock import CHINA, now
from zhicheng.web.workbench.tests.conftest import connect, hire, signed_in

PAGE, CALLS, TOTALS = "/workbench/twin/services/", "/api/v1/services/calls", "/api/v1/services/totals"


@pytest.fixture
def lin():
    """Lin looks after the twin."""
    hire("lin.hua", role="twin_manager")
    return signed_in("lin.hua")


@pytest.fixture
def desk() -> tuple[UUID, str]:
    """The water desk's system and the public part of its key; it has called today and yesterday."""
    account = connect()
    key = issue_api_key(account, "水务", actor=system_actor("test"), now=now()).split("_")[1]
    today = now().astimezone(CHINA).date()
    for back in (0, 1):
        day = today - timedelta(days=back)
        add_calls(
            [
                CallLine(day, "building", Service.FEATURES, CallerKind.KEY, key, account, 10, 1, 5_000),
                CallLine(day, "building", Service.TILES, CallerKind.ANONYMOUS, "", None, 3, 0, 900),
            ]
        )
    add_calls([CallLine(today, "building", Service.FEATURES, CallerKind.KEY, key, account, 5, 0, 100)])
    return account, key


class TestPage:
    def test_shows_calls_by_day_layer_and_key(self, lin, desk) -> None:
        page = lin.get(PAGE + "?days=7")
        assert [tile["value"] for tile in page.context["tiles"]] == ["31", "2", "0.0", "1"]
        assert [row["value"] for row in page.context["chart"]["rows"]] == [0, 0, 0, 0, 0, 13, 18]
        first = page.context["lines"][0]
        assert (first["who"], first["service"], first["calls"]) == ("供水客服系统", "要素查询", "15")
        (row,) = [each for each in page.context["applications"] if each["account"] == str(desk[0])]
        assert (row["keys"], row["today"], row["is_default"]) == ((desk[1],), "15", True)

    def test_changes_a_quota_once_and_writes_the_ledger(self, lin, desk) -> None:
        form = {"account": str(desk[0]), "per_day": "500", "per_minute": "60", "idempotency_key": uuid4().hex}
        assert [lin.post(PAGE + "quota/", form).status_code for _ in range(2)] == [302, 302]
        assert quota_of(desk[0]) == Quota(500, 60)
        entries = list_entries(subject=f"account:{desk[0]}").entries
        assert [one.entry.action for one in entries].count("service.quota_set") == 1

    @pytest.mark.parametrize("wrong", [{"per_day": "-1"}, {"per_day": "x"}, {"per_minute": "9" * 12}, {"account": "?"}])
    def test_refuses_a_quota_that_is_none(self, lin, desk, wrong) -> None:
        form = {"account": str(desk[0]), "per_day": "5", "per_minute": "6", "idempotency_key": uuid4().hex, **wrong}
        assert lin.post(PAGE + "quota/", form).status_code == 422

    def test_is_not_for_others(self) -> None:
        hire("wang.min", role="handler")
        assert signed_in("wang.min").get(PAGE).status_code == 403


class TestApi:
    def test_gives_lines_and_totals(self, lin, desk) -> None:
        lines = lin.get(CALLS, {"service": "features"}).json()
        assert [line["calls"] for line in lines] == [15, 10]
        assert lin.get(CALLS, {"key": desk[1], "until": "2020-01-01"}).json() == []
        totals = lin.get(TOTALS, {"by": "service"}).json()
        assert [(one["name"], one["calls"]) for one in totals] == [("features", 25), ("tiles", 6)]

    def test_is_not_for_others(self, client) -> None:
        assert client.get(CALLS).status_code == 403
        assert client.get(TOTALS).status_code == 403

    def test_refuses_what_is_no_grouping(self, lin) -> None:
        assert lin.get(TOTALS, {"by": "account"}).status_code == 422

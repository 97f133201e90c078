"""Who gets which layer, from the outside; quotas; the meter."""

import pytest

from tests.ogc.conftest import application, official, session_of, tile_path
from zhicheng.apps.twin.models import ServiceQuota
from zhicheng.core.parties.models import ApiKey
from zhicheng.core.places.gate.folders import remove_index
from zhicheng.core.places.gate.opening import forget_readers
from zhicheng.core.places.queries.opening import index_root
from zhicheng.core.places.tests import hamlet

_WAYS = (
    "/items?limit=1",
    "/items?f=csv",
    "/items?f=parquet",
    "/items?f=html",
    "",
    "/queryables",
)


class TestAccess:
    @pytest.mark.parametrize(
        ("layer", "statuses"),
        [
            # nobody, an official without and one with the permission, an application without and one with it
            ("house", (200, 200, 200, 200, 200)),
            ("flat", (401, 200, 200, 200, 200)),
            ("well", (401, 403, 200, 403, 200)),
            ("castle", (404, 404, 404, 404, 404)),
        ],
    )
    def test_follows_the_rule_of_the_layer_in_every_form(self, served, layer, statuses) -> None:
        callers = [
            {},
            {"session": session_of(official())},
            {"session": session_of(official("cockpit.view"))},
            {"key": application()[1]},
            {"key": application("cockpit.view")[1]},
        ]
        for way in _WAYS:
            found = tuple(served.get(f"/ogc/collections/{layer}{way}", **one).status_code for one in callers)
            assert found == statuses, way

    def test_guards_tiles_alike(self, served) -> None:
        path = tile_path("well", 14)
        assert served.get(path).status_code == 401
        assert served.get(path, session=session_of(official())).status_code == 403
        assert served.get(path, key=application("cockpit.view")[1]).status_code == 200

    def test_lists_only_what_the_caller_may_see(self, served) -> None:
        def codes(**caller: str) -> list[str]:
            return [one["id"] for one in served.json("/ogc/collections", **caller)["collections"]]

        assert codes() == ["house", "lane"]
        assert codes(session=session_of(official("cockpit.view"))) == ["flat", "house", "lane", "well"]

    def test_says_how_to_come_in(self, served) -> None:
        answer = served.get("/ogc/collections/flat/items")
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert "接口密钥" in answer.json()["detail"]

    def test_refuses_a_wrong_and_a_revoked_key(self, served) -> None:
        _, key = application()
        ApiKey.objects.update(revoked_at=hamlet.NOW)
        for wrong in (key, "zk_none_none", "x", "zk_" + "a" * 400):
            assert served.get("/ogc/collections/house/items", key=wrong).status_code == 401

    def test_takes_a_session_that_is_gone_for_nobody(self, served) -> None:
        assert served.get("/ogc/collections/flat/items", session="gone").status_code == 401
        assert served.get("/ogc/collections/house/items", session="gone").status_code == 200

    def test_answers_cleanly_when_a_layer_is_deleted_while_served(self, served) -> None:
        assert served.get("/ogc/collections/house/items").status_code == 200
        remove_index(index_root("house"))
        forget_readers()
        served.door.readers._kept.clear()
        here = "/ogc/collections/house"
        for path in (f"{here}/items", f"{here}/items/H001", f"{here}/items?f=csv", tile_path("house", 14)):
            answer = served.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "twin.service_empty"), path


class TestQuotas:
    def test_end_a_day_with_the_wait_until_midnight(self, served) -> None:
        account, key = application()
        ServiceQuota.objects.create(account_id=account, per_day=3, per_minute=0, updated_at=hamlet.NOW)
        statuses = [served.get("/ogc/collections/house/items", key=key).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        answer = served.get("/ogc/collections/house/items", key=key)
        assert 0 < int(answer.headers["retry-after"]) <= 86_401

    def test_end_a_minute_with_a_short_wait(self, served) -> None:
        account, key = application()
        ServiceQuota.objects.create(account_id=account, per_day=0, per_minute=8, updated_at=hamlet.NOW)
        statuses = [served.get("/ogc/collections/house/items", key=key).status_code for _ in range(4)]
        assert statuses == [200, 200, 429, 429]
        answer = served.get("/ogc/collections/house/items", key=key)
        assert 1 <= int(answer.headers["retry-after"]) <= 9

    def test_of_a_day_are_not_used_up_by_what_the_minute_refuses(self, served) -> None:
        account, key = application()
        ServiceQuota.objects.create(account_id=account, per_day=3, per_minute=8, updated_at=hamlet.NOW)
        for _ in range(6):
            served.get("/ogc/collections/house/items", key=key)
        served.door._buckets.clear()  # the next minute
        assert served.get("/ogc/collections/house/items", key=key).status_code == 200

    def test_hold_for_nobody_by_address(self, served, settings) -> None:
        settings.RATE_LIMITS = {**settings.RATE_LIMITS, "ogc": 4}
        statuses = [served.get("/ogc/collections/house/items").status_code for _ in range(3)]
        assert statuses == [200, 429, 429]


class TestMeter:
    def test_counts_a_download_however_it_was_asked_for(self, served) -> None:
        _, key = application()
        served.get("/ogc/collections/house/items", key=key, Accept="text/csv")
        served.get("/ogc/collections/house/items?f=nothing", key=key)
        assert [(one.service, one.calls, one.refused) for one in served.written()] == [
            ("download", 1, 0),
            ("features", 1, 1),
        ]

    def test_counts_by_layer_service_and_key(self, served) -> None:
        account, key = application()
        served.get("/ogc/collections/house/items", key=key)
        served.get("/ogc/collections/house/items?bbox=1", key=key)
        served.get("/ogc/collections/house/items?f=csv", key=key)
        served.get("/ogc/collections/house/tiles")
        served.get("/ogc/collections/castle/items")
        served.get("/ogc/collections/well/items")
        lines = [(one.layer, one.service, one.kind, one.calls, one.refused) for one in served.written()]
        assert lines == [
            ("house", "download", "key", 1, 0),
            ("house", "features", "key", 2, 1),
            ("house", "tiles", "anonymous", 1, 0),
            ("well", "features", "anonymous", 1, 1),
        ]
        assert {one.account_id for one in served.written() if one.kind == "key"} == {account}
        served.get("/ogc/collections/house/items", key=key)
        counted = {one.service: (one.calls, one.sent_bytes) for one in served.written() if one.kind == "key"}
        assert counted["features"][0] == 3
        assert counted["download"][1] > 5000

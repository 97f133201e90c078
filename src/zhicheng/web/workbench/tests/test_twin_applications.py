"""/workbench/twin/applications/: the registry of twin applications, from the outside."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from zhicheng.apps.twin.public import add_calls
from zhicheng.apps.twin.values.services import CallerKind, CallLine, Service
from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.public import create_service
from zhicheng.core.parties.values import system_actor
from zhicheng.kit.clock import CHINA, now
from zhicheng.web.workbench.tests.conftest import hire, signed_in

LIST = "/workbench/twin/applications/"


@pytest.fixture
def lin():
    """Lin looks after the twin."""
    hire("lin.hua", role="twin_manager")
    return signed_in("lin.hua")


@pytest.fixture
def machine() -> UUID:
    """An outside system with an interface account."""
    return create_service("drain.watch", "积水监测", (), actor=system_actor("test"), now=now())


def form(**given) -> dict[str, object]:
    plain = {"name": "积水点监测", "unit": "YX-WORKS", "purpose": "汛期看积水点", "state": "running", "users": "12"}
    return {**plain, "idempotency_key": uuid4().hex, **given}


def registered(client, **given) -> str:
    answer = client.post(LIST + "new/", form(**given))
    assert answer.status_code == 302, answer.context["errors"]
    return answer["Location"]


def called(account: UUID, layer: str, calls: int, *, days: int = 1, refused: int = 0) -> None:
    today = now().astimezone(CHINA).date()
    lines = [
        CallLine(
            today - timedelta(days=back), layer, Service.FEATURES, CallerKind.KEY, "k1", account, calls, refused, 10
        )
        for back in range(days)
    ]
    add_calls(lines)


class TestRegistering:
    def test_shows_the_file_and_writes_the_ledger(self, lin):
        url = registered(lin)
        page = lin.get(url).context
        assert (page["row"]["name"], page["row"]["depth"]["label"]) == ("积水点监测", "未使用")
        subject = f"twin_application:{page['found'].number}"
        assert [each.entry.action for each in list_entries(subject=subject).entries] == ["twin.application_registered"]

    def test_twice_with_one_key_is_one_application(self, lin):
        same = form()
        assert lin.post(LIST + "new/", same)["Location"] == lin.post(LIST + "new/", same)["Location"]
        assert len(lin.get(LIST).context["rows"]) == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("unit", "NOWHERE"),
            ("purpose", " "),
            ("users", "-3"),
            ("url", "javascript:x"),
            ("started_on", "去年"),
            ("account", "x"),
        ],
    )
    def test_of_nonsense_says_so_and_keeps_what_was_typed(self, lin, field, value):
        answer = lin.post(LIST + "new/", form(**{field: value}))
        assert answer.status_code == 422
        assert field in answer.context["errors"]
        assert answer.context["values"]["contact"] == ""

    def test_of_a_layer_that_is_not_there_is_refused(self, lin):
        answer = lin.post(LIST + "new/", form(layers=["atlantis"]))
        assert "atlantis" in str(answer.context["errors"]["layers"])

    def test_of_the_same_name_for_the_same_unit_is_refused(self, lin):
        registered(lin)
        assert "name" in lin.post(LIST + "new/", form()).context["errors"]


class TestDepth:
    def test_comes_from_the_meters_of_the_account(self, lin, machine):
        called(machine, "building", 1000, days=30)
        called(machine, "facility", 10, days=2)
        page = lin.get(registered(lin, account=str(machine), layers=["building"])).context
        assert (page["found"].use.calls, page["found"].use.active_days) == (30_020, 30)
        assert [calls for _, calls in page["used_layers"]] == [30_000, 20]
        assert page["row"]["points"] >= 40

    def test_does_not_come_from_calls_that_were_refused(self, lin, machine):
        called(machine, "building", 50, refused=50)
        page = lin.get(registered(lin, account=str(machine))).context
        assert (page["found"].use.calls, page["found"].use.refused, page["row"]["points"]) == (0, 50, 0)

    def test_forgets_what_is_older_than_thirty_days(self, lin, machine):
        called(machine, "building", 5, days=31)
        assert lin.get(registered(lin, account=str(machine))).context["found"].use.calls == 150

    def test_orders_the_list(self, lin, machine):
        called(machine, "building", 50, days=9)
        registered(lin, name="静静")
        registered(lin, name="忙忙", account=str(machine))
        assert [row["name"] for row in lin.get(LIST).context["rows"]] == ["忙忙", "静静"]
        assert [row["name"] for row in lin.get(LIST, {"depth": "none"}).context["rows"]] == ["静静"]
        assert lin.get("/workbench/twin/applications.csv").content.decode().count("\n") == 3


class TestChanging:
    def test_needs_the_version_that_was_shown(self, lin):
        url = registered(lin)
        assert lin.post(url + "change/", form(purpose="看井盖", version="1")).status_code == 302
        for version in ("1", "x"):
            assert lin.post(url + "change/", form(purpose="看路灯", version=version)).status_code == 409
        assert lin.get(url).context["found"].draft.purpose == "看井盖"

    def test_is_over_once_it_is_retired(self, lin):
        url = registered(lin)
        assert lin.post(url + "retire/", {"version": "1", "reason": ""}).status_code == 302
        assert lin.get(url).context["row"]["state"] == "在用"
        lin.post(url + "retire/", {"version": "1", "reason": "并入防汛平台"})
        page = lin.get(url).context
        assert (page["row"]["state"], page["found"].retire_reason, page["may_change"]) == (
            "已退役",
            "并入防汛平台",
            False,
        )
        assert lin.post(url + "change/", form(version="2")).status_code == 409


class TestEveryAddress:
    @pytest.mark.parametrize(("role", "reads", "writes"), [("handler", 403, 403), ("leader", 200, 403)])
    def test_is_for_leaders_to_read_and_for_the_keeper_to_write(self, lin, role, reads, writes):
        url = registered(lin)
        hire("wu.min", role=role)
        wu = signed_in("wu.min")
        assert [wu.get(each).status_code for each in (LIST, url, "/workbench/twin/applications.csv")] == [reads] * 3
        assert wu.get(LIST + "new/").status_code == writes
        assert wu.post(LIST + "new/", form()).status_code == writes
        assert wu.post(url + "change/", form(version="1")).status_code == writes
        assert wu.post(url + "retire/", {"version": "1", "reason": "x"}).status_code == writes

    def test_is_for_those_who_signed_in(self, client):
        assert client.get(LIST).status_code == 302

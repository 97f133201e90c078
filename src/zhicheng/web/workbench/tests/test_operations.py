"""/workbench/operations/: is everything running, and what to try again."""

from datetime import timedelta

import pytest
from django.db import connection

from zhicheng.core.ledger.public import event_part, ledger_gauges, list_entries, list_parked
from zhicheng.core.ledger.values import Event
from zhicheng.kit.clock import now
from zhicheng.kit.ids import uuid7
from zhicheng.web.workbench.tests.conftest import hire, send, signed_in

HERE = "/workbench/operations/"


def park() -> None:
    """An event that ten deliveries failed to hand over."""
    at = now() - timedelta(minutes=20)
    part = event_part("", [Event(uuid7(at), at, "cases.opened", "case:1")])
    with connection.cursor() as cursor:
        cursor.execute(part.text, part.params)
        cursor.execute(
            "UPDATE ledger_outbox SET attempts = 10, failure = '短信模板缺少参数' WHERE type = 'cases.opened'"
        )


class TestHealth:
    @pytest.mark.parametrize("role", ["handler", "auditor", "security_admin", "leader"])
    def test_is_the_system_administrators_page(self, role):
        hire("chen.wei", role=role)
        client = signed_in("chen.wei")
        assert HERE not in client.get("/workbench/").content.decode()
        assert client.get(HERE).status_code == 403
        assert send(client, f"{HERE}events/").status_code == 403
        assert send(client, f"{HERE}notices/").status_code == 403

    def test_shows_what_waits_and_which_pack_runs(self, sun):
        page = sun.get(HERE).content.decode()
        assert "运行状况" in page
        assert "tinytown" in page
        assert "未封存账本条目" in page
        assert "没有搁置的事件" in page

    def test_stands_in_the_menu(self, sun):
        assert f'href="{HERE}"' in sun.get("/workbench/").content.decode()


class TestRetryEvents:
    def test_gives_parked_events_another_round_and_says_so(self, sun):
        park()
        page = sun.get(HERE).content.decode()
        assert "短信模板缺少参数" in page
        assert "有需要处理的问题" in page
        assert send(sun, f"{HERE}events/").status_code == 302
        assert list_parked() == []
        assert ledger_gauges(now()).outbox_parked == 0
        assert "1 个搁置的事件已重新投递" in sun.get(HERE).content.decode()

    def test_twice_is_one_act_of_the_administrator(self, sun):
        park()
        for _ in range(2):
            send(sun, f"{HERE}events/", "same-key")
        retried = [one for one in list_entries(limit=50).entries if one.entry.action == "ledger.retry_parked"]
        assert len(retried) == 1
        assert retried[0].entry.actor == f"account:{sun.session['_auth_user_id']}"


class TestRetryNotices:
    def test_is_written_down(self, sun):
        assert send(sun, f"{HERE}notices/").status_code == 302
        assert any(one.entry.action == "notices.retry_failed" for one in list_entries(limit=20).entries)

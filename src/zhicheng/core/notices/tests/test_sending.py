"""Sending through providers: files, a gateway that is down, one that refuses, crashes, several senders."""

import json
import stat
import threading
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection

from zhicheng.core.ledger.public import list_entries
from zhicheng.core.notices.contrib.failing.provider import FailingProvider
from zhicheng.core.notices.models import Notice
from zhicheng.core.notices.policy import MAX_ATTEMPTS
from zhicheng.core.notices.public import notice_gauges, notify, providers, retry_failed, send_due
from zhicheng.core.notices.tests.conftest import NOW
from zhicheng.core.notices.values import Channel, NoticeRequest

pytestmark = pytest.mark.django_db
PARAMS = {"number": "SZ1", "unit": "福田区住建局", "link": "https://example.org/a"}
HOUR = timedelta(hours=1)


def write(channel=Channel.SMS, *, recipient="party:chen-jie", cause="event-1"):
    request = NoticeRequest(recipient, "appeal.received", cause, PARAMS, "https://example.org/b", channels=(channel,))
    notify(request, now=NOW)


def sms_lines(folder):
    return [json.loads(line) for line in (folder / "sms.jsonl").read_text().splitlines()]


class TestSendDue:
    def test_writes_sms_with_the_contact_asked_for_now(self, town):
        write()
        assert send_due(now=NOW) == 1
        line = sms_lines(town)[0]
        assert line["to"] == "13800000001"
        assert line["text"] == "【城市热线】诉求SZ1已由福田区住建局受理,查看:https://example.org/a"
        assert stat.S_IMODE((town / "sms.jsonl").stat().st_mode) == 0o600

    def test_writes_email_as_a_file_that_mail_programs_read(self, town):
        write(Channel.EMAIL)
        assert send_due(now=NOW) == 1
        mail = message_from_bytes(next((town / "email").glob("*.eml")).read_bytes(), policy=policy.default)
        assert (mail["To"], mail["Subject"]) == ("chen.jie@example.org", "诉求 SZ1 已受理")
        assert mail.get_content() == "您的诉求 SZ1 已由福田区住建局受理。\n\nhttps://example.org/b\n"

    def test_sends_once(self, town):
        write()
        assert [send_due(now=NOW), send_due(now=NOW + HOUR)] == [1, 0]

    def test_leaves_in_app_messages_alone(self):
        write(Channel.IN_APP)
        assert send_due(now=NOW) == 0

    def test_gives_up_where_there_is_no_contact_without_an_alarm(self):
        write(recipient="party:nobody")
        assert send_due(now=NOW) == 0
        notice = Notice.objects.get()
        assert (notice.failure, notice.attempts) == ("no_contact", MAX_ATTEMPTS)
        assert notice_gauges(NOW).failed_rows == 0

    def test_refuses_an_address_that_would_add_headers(self, town, monkeypatch):
        monkeypatch.setattr(
            "zhicheng.core.notices.operations.sending.contact_of", lambda r, c: "a@example.org\nBcc: b@example.org"
        )
        write(Channel.EMAIL)
        assert send_due(now=NOW) == 0
        assert Notice.objects.get().attempts == MAX_ATTEMPTS


class TestFailingProvider:
    @pytest.fixture
    def gateway_down(self, settings):
        settings.NOTICE_PROVIDER = "failing"

    def test_is_tried_again_later_and_later(self, gateway_down):
        write()
        send_due(now=NOW)
        first = Notice.objects.get()
        assert (first.attempts, first.failure) == (1, "消息没有发出：sms 网关没有应答")
        send_due(now=first.not_before)
        second = Notice.objects.get()
        assert second.not_before - first.not_before > first.not_before - NOW

    def test_is_given_up_after_all_attempts_until_the_operator_retries(self, gateway_down, settings):
        write()
        for hour in range(MAX_ATTEMPTS + 2):
            send_due(now=NOW + hour * 2 * HOUR)
        assert notice_gauges(NOW).failed_rows == 1
        settings.NOTICE_PROVIDER = "files"
        assert retry_failed(actor="account:operator", now=NOW + 99 * HOUR) == 1
        assert send_due(now=NOW + 99 * HOUR) == 1
        assert list_entries(subject="notices:outbound").entries[0].entry.data == {"count": 1}

    def test_is_given_up_at_once_when_retrying_cannot_help(self, settings):
        providers.add("barred", FailingProvider(may_retry=False))
        settings.NOTICE_PROVIDER = "barred"
        write()
        send_due(now=NOW)
        assert Notice.objects.get().attempts == MAX_ATTEMPTS

    def test_that_raises_what_it_should_not_costs_other_messages_nothing(self, settings):
        class Broken:
            def send(self, message):
                raise ZeroDivisionError

        providers.add("broken", Broken())
        settings.NOTICE_PROVIDER = "broken"
        write(cause="first")
        write(cause="second")
        with pytest.raises(ZeroDivisionError):
            send_due(now=NOW)
        settings.NOTICE_PROVIDER = "files"
        assert send_due(now=NOW) == 1
        assert send_due(now=NOW + HOUR) == 1

    def test_retries_when_the_outbound_folder_cannot_be_written(self, town):
        town.parent.joinpath("outbound").write_text("a file where the folder should be")
        write()
        assert send_due(now=NOW) == 0
        assert Notice.objects.get().attempts == 1


@pytest.mark.django_db(transaction=True)
class TestSendersAtOnce:
    def test_send_each_message_once_in_whole_lines(self, town):
        for number in range(40):
            write(cause=f"event-{number}")
        start = threading.Barrier(4)

        def run():
            start.wait(10)
            send_due(now=NOW)
            connection.close()

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        send_due(now=NOW)
        assert len({line["id"] for line in sms_lines(town)}) == len(sms_lines(town)) == 40

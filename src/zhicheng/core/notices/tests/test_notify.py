"""Writing, listing and reading messages."""

from datetime import timedelta

import pytest

from zhicheng.core.notices.errors import MessageParameterMissing
from zhicheng.core.notices.models import Notice
from zhicheng.core.notices.public import (
    count_unread,
    forget_recipient,
    list_notices,
    mark_read,
    notice_gauges,
    notify,
    purge_notices,
)
from zhicheng.core.notices.tests.conftest import NOW
from zhicheng.core.notices.values import MAX_SMS_LENGTH, Channel, NoticeRequest

pytestmark = pytest.mark.django_db
PARAMS = {"number": "SZ1", "unit": "福田区住建局", "link": "https://example.org/a", "deadline": "3月5日"}
EVERY = (Channel.IN_APP, Channel.SMS, Channel.EMAIL)


def received(cause="event-1", recipient="party:chen-jie", channels=EVERY, **params):
    return NoticeRequest(recipient, "appeal.received", cause, {**PARAMS, **params}, "/appeals/SZ1", channels=channels)


class TestNotify:
    def test_writes_one_row_a_channel_in_one_statement(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            notify(received(), received("event-2"), now=NOW)
        assert Notice.objects.count() == 6

    def test_gives_one_message_for_one_cause(self):
        notify(received(), now=NOW)
        notify(received(), received(), now=NOW + timedelta(minutes=1))
        assert Notice.objects.count() == 3

    def test_fills_the_template(self):
        notify(received(), now=NOW)
        notice = list_notices("party:chen-jie").notices[0]
        assert notice.title == "诉求 SZ1 已受理"
        assert notice.text == "您的诉求 SZ1 已由福田区住建局受理。"
        assert notice.link == "/appeals/SZ1"

    def test_sends_no_sms_for_a_template_without_one(self):
        request = NoticeRequest("unit:FT", "appeal.assigned", "event-1", PARAMS, channels=EVERY)
        notify(request, now=NOW)
        assert set(Notice.objects.values_list("channel", flat=True)) == {"in_app", "email"}

    def test_refuses_a_missing_parameter(self):
        request = NoticeRequest("party:chen-jie", "appeal.received", "event-1", {"number": "SZ1"})
        with pytest.raises(MessageParameterMissing, match=r"appeal\.received 缺少参数 unit"):
            notify(request, now=NOW)

    def test_gives_whole_addresses_to_telephones_and_mails(self, settings):
        settings.PUBLIC_URL = "https://12345.example.cn"
        notify(received(link="/t/abc/"), now=NOW)
        texts = dict(Notice.objects.values_list("channel", "text"))
        links = dict(Notice.objects.values_list("channel", "link"))
        assert "https://12345.example.cn/t/abc/" in texts["sms"]
        assert links == {
            "in_app": "/appeals/SZ1",
            "sms": "https://12345.example.cn/appeals/SZ1",
            "email": "https://12345.example.cn/appeals/SZ1",
        }

    def test_reads_no_placeholder_inside_a_parameter(self):
        notify(received(unit="{number}{link.__class__}"), now=NOW)
        assert list_notices("party:chen-jie").notices[0].text == "您的诉求 SZ1 已由{number}{link.__class__}受理。"

    def test_keeps_an_sms_in_one_line_within_the_limit(self):
        notify(received(unit="很长的\n名称" * 200), now=NOW)
        sms = Notice.objects.get(channel="sms").text
        assert "\n" not in sms
        assert len(sms) == MAX_SMS_LENGTH


class TestInbox:
    def test_pages_newest_first(self):
        for number in range(5):
            notify(received(f"event-{number}", number=f"SZ{number}"), now=NOW + timedelta(seconds=number))
        first = list_notices("party:chen-jie", limit=3)
        second = list_notices("party:chen-jie", after=first.after, limit=3)
        titles = [notice.title for page in (first, second) for notice in page.notices]
        assert titles == [f"诉求 SZ{number} 已受理" for number in (4, 3, 2, 1, 0)]
        assert second.after is None

    def test_joins_a_person_and_their_units_but_nobody_else(self):
        notify(received(), received(recipient="unit:FT"), received(recipient="party:lin-tao"), now=NOW)
        page = list_notices("party:chen-jie", "unit:FT")
        assert {notice.recipient for notice in page.notices} == {"party:chen-jie", "unit:FT"}
        assert list_notices().notices == ()

    def test_counts_unread_until_marked(self):
        notify(received("a"), received("b"), received("c", recipient="party:lin-tao"), now=NOW)
        first = list_notices("party:chen-jie").notices[0]
        assert count_unread("party:chen-jie") == 2
        assert mark_read("party:chen-jie", now=NOW, ids=[first.id]) == 1
        assert mark_read("party:chen-jie", now=NOW, ids=[first.id]) == 0
        assert count_unread("party:chen-jie") == 1
        assert mark_read("party:chen-jie", now=NOW) == 1
        assert count_unread("party:lin-tao") == 1

    def test_does_not_mark_messages_of_another(self):
        notify(received(), now=NOW)
        notice = list_notices("party:chen-jie").notices[0]
        assert mark_read("party:lin-tao", now=NOW, ids=[notice.id]) == 0

    def test_forgets_an_erased_person(self):
        notify(received(), received(recipient="party:lin-tao"), now=NOW)
        assert forget_recipient("party:chen-jie") == 3
        assert Notice.objects.count() == 3

    def test_purges_old_messages_in_batches(self):
        notify(received("old"), now=NOW)
        notify(received("new"), now=NOW + timedelta(days=400))
        before = NOW + timedelta(days=1)
        assert [purge_notices(before=before, limit=2) for _ in range(3)] == [2, 1, 0]
        assert Notice.objects.count() == 3

    def test_shows_what_waits_in_the_gauges(self):
        notify(received(), now=NOW)
        gauges = notice_gauges(NOW + timedelta(seconds=30))
        assert (gauges.waiting_rows, gauges.waiting_oldest_s, gauges.failed_rows) == (2, 30.0, 0)

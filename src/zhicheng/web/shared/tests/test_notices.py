from datetime import UTC, datetime, timedelta

from django.test import RequestFactory

from zhicheng.core.notices.public import notify
from zhicheng.core.notices.values import Channel, NoticeRequest
from zhicheng.web.shared.notices import notices_context

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
UNIT = "unit:YX-WORKS"


class TestNotices:
    def tell(self, number: str, *, at: datetime) -> None:
        words = dict.fromkeys(("title", "limit", "deadline", "remaining", "unit"), "路灯不亮")
        params = {**words, "number": number}
        request = NoticeRequest(
            UNIT, "clock.warning", f"{number}{at}", params, f"/workbench/cases/{number}/", (Channel.IN_APP,)
        )
        notify(request, now=at)

    def test_say_the_same_about_one_case_in_one_line(self, town):
        for minutes in (0, 3, 9):
            self.tell("YX1", at=NOON + timedelta(minutes=minutes))
        self.tell("YX2", at=NOON + timedelta(minutes=4))
        shown = notices_context(RequestFactory().get("/"), [UNIT], "/workbench/messages/")["notices"]
        assert [(line["url"], line["times"], line["since"]) for line in shown] == [
            ("/workbench/cases/YX1/", 3, NOON),
            ("/workbench/cases/YX2/", 1, None),
        ]
        assert shown[0]["at"] == NOON + timedelta(minutes=9)

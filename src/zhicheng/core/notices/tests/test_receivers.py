"""王小芳 was proven at a window, and learns of it."""

from types import SimpleNamespace

import pytest

from zhicheng.core.ledger.values import Event
from zhicheng.core.notices import receivers
from zhicheng.core.notices.models import Notice
from zhicheng.core.notices.receivers import IDENTITY_PROVEN, tell_proven
from zhicheng.core.notices.tests.conftest import MESSAGES, NOW
from zhicheng.kit.ids import uuid7

PERSON = f"party:{uuid7(NOW)}"
MESSAGE = {"title": "已实名", "text": "{time}，窗口登记了实名。", "sms": "【{city}】{time}，窗口登记了实名。"}


@pytest.fixture(autouse=True)
def _message(monkeypatch):
    monkeypatch.setitem(MESSAGES, IDENTITY_PROVEN, MESSAGE)
    monkeypatch.setattr(receivers, "current_pack", lambda: SimpleNamespace(name="云溪镇"))


@pytest.mark.django_db
class TestTellProven:
    def test_writes_a_message_and_an_sms_once(self):
        event = Event(uuid7(NOW), NOW, "parties.proven_at_window", PERSON)
        tell_proven(event, NOW)
        tell_proven(event, NOW)
        texts = dict(Notice.objects.filter(recipient=PERSON).values_list("channel", "text"))
        assert texts == {"in_app": "3月2日 09:00，窗口登记了实名。", "sms": "【云溪镇】3月2日 09:00，窗口登记了实名。"}
        assert Notice.objects.count() == 2

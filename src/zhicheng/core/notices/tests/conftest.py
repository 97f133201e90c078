"""A town whose pack has two messages, and people whose telephones are known."""

from datetime import UTC, datetime

import pytest

from zhicheng.core.notices.registry import contact_resolvers, providers
from zhicheng.core.notices.values import Channel
from zhicheng.core.packs.values import PinnedDefinition

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MESSAGES = {
    "appeal.received": {
        "title": "诉求 {number} 已受理",
        "text": "您的诉求 {number} 已由{unit}受理。",
        "sms": "【城市热线】诉求{number}已由{unit}受理,查看:{link}",
    },
    "appeal.assigned": {"title": "新工单 {number}", "text": "请在 {deadline} 前办理。", "sms": ""},
}
CONTACTS = {
    ("party:chen-jie", Channel.SMS): "13800000001",
    ("party:chen-jie", Channel.EMAIL): "chen.jie@example.org",
    ("party:lin-tao", Channel.SMS): "13800000002",
}


@pytest.fixture(autouse=True)
def town(monkeypatch, settings, tmp_path):
    """Templates, contacts and the outbound folder of each test; the registries as they were afterwards."""

    def definition(kind, code):
        return PinnedDefinition("", kind, code, "", MESSAGES[code])

    monkeypatch.setattr("zhicheng.core.notices.queries.templates.current_definition", definition)
    monkeypatch.setattr(contact_resolvers, "_entries", {})
    monkeypatch.setattr(providers, "_entries", dict(providers._entries))
    contact_resolvers.add("town", lambda recipient, channel: CONTACTS.get((recipient, channel)))
    settings.OUTBOUND_ROOT = tmp_path / "outbound"
    settings.NOTICE_PROVIDER = "files"
    return tmp_path / "outbound"

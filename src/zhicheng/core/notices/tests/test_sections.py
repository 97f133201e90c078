"""`messages.yaml`: what the pack's check finds, with file and line."""

from datetime import UTC, datetime

import pytest

from zhicheng.core.notices.registry import needed_messages, placeholders
from zhicheng.core.notices.sections import check, describe, install, load
from zhicheng.core.packs.models import Definition
from zhicheng.core.packs.public import PackSource

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
GOOD = """appeal.received:
  title: 诉求 {number} 已受理
  text: 您的诉求 {number} 已由{unit}受理。
  sms: 诉求{number}已受理
appeal.assigned:
  title: 新工单 {number}
  text: 请在 {deadline} 前办理。
"""


@pytest.fixture
def faults_of(tmp_path, monkeypatch):
    """What a check finds where the software sends no message of its own."""
    monkeypatch.setattr(needed_messages, "_entries", {})

    def run(text):
        (tmp_path / "messages.yaml").write_text(text)
        loaded = load(tmp_path)
        pack = PackSource(tmp_path, "town", "1.0.0", {"messages": loaded.value})
        return [*loaded.faults, *check(loaded.value, pack)]

    return run


class TestMessagesSection:
    def test_accepts_good_messages(self, faults_of):
        assert faults_of(GOOD) == []

    @pytest.mark.parametrize(
        ("old", "new", "code", "line"),
        [
            ("{unit}", "{unt}", "message.placeholder", 3),
            ("{unit}", "{unit", "message.brace", 3),
            ("{unit}", "{unit.name}", "message.brace", 3),
            ("诉求{number}已受理", "路" * 501, "field.length", 4),
            ("  title: 新工单 {number}\n", "", "field.missing", 5),
            ("  sms:", "  smss:", "field.unknown", 4),
        ],
    )
    def test_finds_the_fault_at_its_line(self, faults_of, old, new, code, line):
        faults = faults_of(GOOD.replace(old, new))
        assert [(fault.code, fault.line, fault.file) for fault in faults] == [(code, line, "messages.yaml")]
        assert faults[0].hint

    def test_finds_a_message_that_is_only_a_text(self, faults_of):
        faults = faults_of(GOOD + "appeal.closed: 已办结\n")
        assert [(fault.code, fault.line) for fault in faults] == [("message.shape", 8)]

    def test_finds_the_lack_of_a_message_that_the_software_sends(self, faults_of, monkeypatch):
        monkeypatch.setattr(needed_messages, "_entries", {"appeal.received": "受理诉求"})
        [fault] = faults_of(GOOD.replace("appeal.received:", "appeal.recieved:"))
        assert (fault.code, fault.message) == ("message.missing", "缺少消息 appeal.received：受理诉求时要用。")
        assert "appeal.received" in fault.hint

    def test_finds_a_missing_file(self, tmp_path):
        assert [fault.code for fault in load(tmp_path).faults] == ["file.missing"]

    def test_knows_the_placeholders_of_an_app(self, faults_of, monkeypatch):
        text = GOOD.replace("{unit}", "{bus_line}")
        assert [fault.code for fault in faults_of(text)] == ["message.placeholder"]
        monkeypatch.setattr(placeholders, "_entries", {**placeholders._entries, "bus_line": "公交线路"})
        assert faults_of(text) == []

    @pytest.mark.django_db
    def test_pins_each_message_once(self, tmp_path):
        (tmp_path / "messages.yaml").write_text(GOOD)
        messages = load(tmp_path).value
        pack = PackSource(tmp_path, "town", "1.0.0", {})
        install(messages, pack, NOW)
        install(messages, pack, NOW)
        codes = Definition.objects.filter(kind="message").order_by("code").values_list("code", flat=True)
        assert list(codes) == ["appeal.assigned", "appeal.received"]

    def test_describes_messages_for_release_notes(self, tmp_path):
        (tmp_path / "messages.yaml").write_text(GOOD)
        kind, code, label, fields = next(iter(describe(load(tmp_path).value)))
        assert (kind, code, label) == ("消息", "appeal.received", "诉求 {number} 已受理")
        assert fields["短信"] == "诉求{number}已受理"

"""Faults in how work is done: calendars, processes, messages."""

from tests.packs.faults.seeding import SeededFault, append, remove, swap

CALENDARS = [
    SeededFault("working hours are missing", "calendars/hours.yaml", remove, "file.missing"),
    SeededFault("hours overlap", "calendars/hours.yaml", swap('"14:00"', '"11:00"'), "calendar.hours", "hours:"),
    SeededFault(
        "day does not exist", "calendars/2026.yaml", swap("2026-10-02", "2026-10-32"), "field.date", "2026-10-32"
    ),
    SeededFault(
        "holiday is of another year",
        "calendars/2026.yaml",
        swap("2026-10-02", "2025-10-02"),
        "calendar.year",
        "2025-10-02",
    ),
    SeededFault(
        "make-up day is of another year",
        "calendars/2026.yaml",
        swap("- 2026-01-04", "- 2027-01-03"),
        "calendar.year",
        "2027-01-03",
    ),
    SeededFault(
        "holiday is given twice",
        "calendars/2026.yaml",
        swap("2026-01-02, name: 元旦", "2026-01-01, name: 元旦次日"),
        "calendar.repeated",
        "元旦次日",
    ),
    SeededFault(
        "day is holiday and working day",
        "calendars/2026.yaml",
        swap("- 2026-01-04", "- 2026-01-01"),
        "calendar.both",
        "- 2026-01-01",
    ),
    SeededFault(
        "make-up day is a Monday",
        "calendars/2026.yaml",
        swap("- 2026-01-04", "- 2026-01-05"),
        "calendar.workday",
        "2026-01-05",
    ),
    SeededFault(
        "status is no status", "calendars/2026.yaml", swap("published", "official"), "field.choice", "official"
    ),
]

PROCESSES = [
    SeededFault(
        "state cannot be reached",
        "processes/assist.yaml",
        swap("  done:", "  lost:     {label: 无处来}\n  done:"),
        "process.unreachable_state",
        "lost:",
    ),
    SeededFault(
        "state has no way out",
        "processes/assist.yaml",
        swap("{label: 已办完, final: true}", "{label: 已办完}"),
        "process.dead_end",
        "done: ",
    ),
    SeededFault(
        "action leads nowhere",
        "processes/assist.yaml",
        swap("to: declined", "to: decline"),
        "process.unknown_state",
        "to: decline",
    ),
    SeededFault(
        "nobody has this right",
        "processes/assist.yaml",
        swap("who: [parent_handler]", "who: [cases.everything]"),
        "process.unknown_permission",
        "cases.everything",
    ),
    SeededFault(
        "clock is not defined",
        "processes/assist.yaml",
        swap("- {start: resolve}", "- {start: resolved}"),
        "process.unknown_clock",
        "opening:",
    ),
    SeededFault(
        "child process is not there",
        "processes/appeal.yaml",
        swap("process: assist", "process: assistance"),
        "process.unknown_process",
        "opens:",
    ),
    SeededFault(
        "process is defined twice",
        "processes/assist.yaml",
        swap("code: assist\n", "code: appeal\n"),
        "process.duplicate",
        "code: appeal",
    ),
]

MESSAGES = [
    SeededFault(
        "message that submitting sends is not there",
        "messages.yaml",
        swap("appeal.to_dispatch:", "appeal.to_dispatched:"),
        "message.missing",
    ),
    SeededFault(
        "message of an overdue clock is not there",
        "messages.yaml",
        swap("clock.overdue:", "clock.late:"),
        "message.missing",
    ),
    SeededFault(
        "message goes to nobody known",
        "processes/assist.yaml",
        swap("parent_unit: appeal.assist_done", "mayor: appeal.assist_done"),
        "process.unknown_recipient",
        "mayor:",
    ),
    SeededFault(
        "message names what nobody fills",
        "messages.yaml",
        swap("已撤回诉求 {number}", "已撤回诉求 {nmber}"),
        "message.placeholder",
        "nmber",
    ),
    SeededFault(
        "brace is not closed",
        "messages.yaml",
        swap("已撤回诉求 {number}", "已撤回诉求 {number"),
        "message.brace",
        "{number。",
    ),
    SeededFault(
        "message has no text",
        "messages.yaml",
        append("appeal.extra:\n  title: 多余\n"),
        "field.missing",
        "appeal.extra",
    ),
    SeededFault("message is a word", "messages.yaml", append("appeal.extra: 多余\n"), "message.shape", "appeal.extra"),
    SeededFault(
        "process sends a message that is not there",
        "processes/appeal.yaml",
        swap("requester: appeal.withdrawn", "requester: appeal.gone"),
        "process.unknown_message",
        "appeal.gone",
    ),
]

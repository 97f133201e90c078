"""The part of a pack that notices reads: `messages.yaml`, a mapping from message code to title, text and sms."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.notices.policy import template_problems
from zhicheng.core.notices.queries.templates import DEFINITION_KIND
from zhicheng.core.notices.registry import needed_messages, placeholders
from zhicheng.core.notices.values import MAX_SMS_LENGTH
from zhicheng.core.packs.public import (
    Fault,
    Item,
    Loaded,
    PackSource,
    Row,
    Section,
    parse_row,
    pin_definition,
    read_yaml,
    sections,
)

MESSAGES = "messages"
_FILE = "messages.yaml"


class MessageFields(BaseModel):
    """One message."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: Annotated[str, Field(max_length=60)]
    text: Annotated[str, Field(max_length=4_000)]
    sms: Annotated[str, Field(max_length=MAX_SMS_LENGTH)] = ""


Message = Item[MessageFields]


def register() -> None:
    """Register the section."""
    sections.add(MESSAGES, Section(MESSAGES, "消息", load, check, install, describe))


def load(root: Path) -> Loaded:
    """The messages by code."""
    row, faults = read_yaml(root, _FILE)
    messages: dict[str, Message] = {}
    if row is None:
        return Loaded(messages, faults)
    for code, values in row.values.items():
        if not isinstance(values, Mapping):
            hint = "请写出 title(标题)、text(正文),需要短信时再写 sms。"
            faults.append(row.fault("message.shape", f"消息 {code} 应是一组“名称: 值”。", hint, key=str(code)))
            continue
        item, found = parse_row(_part(row, str(code), values), MessageFields)
        faults = [*faults, *found]
        if item is not None:
            messages[str(code)] = item
    return Loaded(messages, faults)


def check(messages: Mapping[str, Message], _pack: PackSource) -> Iterator[Fault]:
    """Placeholders that nobody fills, braces that are none, messages that the software sends and the pack lacks."""
    known = placeholders.codes()
    hint = f"可用的占位符：{'、'.join(f'{{{name}}} {placeholders[name]}' for name in known)}。"
    for code, message in messages.items():
        for field, text in message.value.model_dump().items():
            for fault_code, sentence in template_problems(text, known):
                yield message.fault(fault_code, f"消息 {code} 的 {field}:{sentence}", hint, key=field)
    if messages:  # a file that is missing or unreadable has its own fault
        yield from _missing(messages)


def _missing(messages: Mapping[str, Message]) -> Iterator[Fault]:
    for code in needed_messages.codes():
        if code not in messages:
            sentence = f"缺少消息 {code}：{needed_messages[code]}时要用。"
            hint = f"请在 {_FILE} 里补上 {code}，写出 title(标题)、text(正文)，需要短信时再写 sms。"
            yield Fault(_FILE, 0, "message.missing", sentence, hint)


def install(messages: Mapping[str, Message], _pack: PackSource, now: datetime) -> None:
    """Pin every message; one that is no longer in the pack is no longer current."""
    for code, message in messages.items():
        pin_definition(DEFINITION_KIND, code, message.value.model_dump(), label=message.value.title, now=now)


def describe(messages: Mapping[str, Message]) -> Iterator[tuple[str, str, str, Mapping[str, str]]]:
    """Every message with its texts."""
    for code, message in messages.items():
        fields = message.value
        yield "消息", code, fields.title, {"标题": fields.title, "正文": fields.text, "短信": fields.sms}


def _part(row: Row, code: str, values: Mapping[str, object]) -> Row:
    prefix = f"{code}."
    lines = {key[len(prefix) :]: line for key, line in row.key_lines.items() if key.startswith(prefix)}
    return Row(row.file, row.key_lines.get(code, row.line), values, lines)

"""`assistant/`: how a city's assistant speaks (settings), what it refuses (guard), small talk, what is outside."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.assistant.policy.plain import plain
from zhicheng.apps.assistant.queries.terms import TERMS
from zhicheng.core.packs.public import (
    Fault,
    Item,
    Loaded,
    PackSource,
    Section,
    parse_items,
    parse_row,
    pin_definition,
    read_yaml,
    rows_at,
    sections,
)

SETTINGS, GUARD, SMALL_TALK = "assistant/settings.yaml", "assistant/guard.yaml", "assistant/small_talk.yaml"
OUTSIDE = "assistant/outside.yaml"
_CODE = r"^[a-z][a-z_]*$"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SettingsRow(_Row):
    """How the assistant presents itself and when it is sure."""

    name: str = Field(min_length=1, max_length=20)
    greeting: str = Field(min_length=5, max_length=200)
    notice: str = Field(min_length=5, max_length=200)
    answer_from: float = Field(ge=0, le=1)
    alone_from: float = Field(ge=0, le=1)
    belongs_from: float = Field(ge=0, le=1)
    frequent: list[str] = Field(default_factory=list, max_length=12)
    rating_reasons: list[str] = Field(min_length=1, max_length=8)
    unit_function: str = Field(pattern=_CODE)


class ButtonRow(_Row):
    """A button beside a guard's answer."""

    label: str = Field(min_length=1, max_length=20)
    url: str = ""
    say: str = ""


class GuardRow(_Row):
    """A class of messages that are answered by rule."""

    code: str = Field(pattern=_CODE, max_length=40)
    label: str = Field(min_length=2, max_length=20)
    answer: str = Field(min_length=5, max_length=400)
    action: Literal["refuse", "care"] = "refuse"
    in_documents: bool = False
    words: list[str] = Field(default_factory=list)
    patterns: list[str] = Field(default_factory=list)
    buttons: list[ButtonRow] = Field(default_factory=list)


class TalkRow(_Row):
    """An everyday remark."""

    code: str = Field(pattern=_CODE, max_length=40)
    asked: list[str] = Field(min_length=1)
    answer: str = Field(min_length=2, max_length=400)


class OutsideRow(_Row):
    """A class of questions that the city's services do not answer; `elsewhere`: only where another place is named."""

    code: str = Field(pattern=_CODE, max_length=40)
    label: str = Field(min_length=2, max_length=20)
    asked: list[str] = Field(min_length=3)
    elsewhere: bool = False


@dataclass(frozen=True)
class TermsRow:
    """The four files together."""

    settings: Item[SettingsRow]
    guards: list[Item[GuardRow]]
    small_talk: list[Item[TalkRow]]
    outside: list[Item[OutsideRow]]


Value = TermsRow | None


def load(root: Path) -> Loaded:
    """Read the files; a pack without settings leaves the assistant with its plain ones."""
    if not (root / SETTINGS).exists():
        return Loaded(None, [])
    row, faults = read_yaml(root, SETTINGS)
    guards, more = _list(root, GUARD, "classes", GuardRow)
    talk, others = _list(root, SMALL_TALK, "remarks", TalkRow)
    outside, rest = _list(root, OUTSIDE, "outside", OutsideRow)
    faults = [*faults, *more, *others, *rest]
    if row is None:
        return Loaded(None, faults)
    settings, found = parse_row(row, SettingsRow)
    faults += found
    if settings is None:
        return Loaded(None, faults)
    return Loaded(TermsRow(settings=settings, guards=guards, small_talk=talk, outside=outside), faults)


def _list(root: Path, file: str, key: str, model: type[Any]) -> tuple[list[Any], list[Fault]]:
    if not (root / file).exists():
        return [], []
    row, faults = read_yaml(root, file)
    if row is None:
        return [], faults
    if set(row.values) != {key}:
        message = f"最外层只写「{key}:」，这里有：{'、'.join(map(str, row.values))}。"
        return [], [*faults, row.fault("assistant.shape", message, f"请写成“{key}:”，下面每一项以“- ”开头。")]
    rows, found = rows_at(row, key)
    items, more = parse_items(rows, model)
    return items, [*faults, *found, *more]


def check(value: Value, _pack: PackSource) -> Iterator[Fault]:
    """Codes are unique, patterns can be read, every class has something to find."""
    if value is None:
        return
    settings = value.settings
    if settings.value.answer_from > settings.value.alone_from:
        message = "answer_from 大于 alone_from：没有把握时反而只答一条。"
        yield settings.fault("assistant.thresholds", message, "answer_from 应不大于 alone_from。", key="answer_from")
    yield from _check_codes(value.guards)
    yield from _check_codes(value.small_talk)
    yield from _check_codes(value.outside)
    for item in value.guards:
        yield from _check_guard(item)


def _check_codes(items: list[Any]) -> Iterator[Fault]:
    seen: set[str] = set()
    for item in items:
        if item.value.code in seen:
            yield item.fault("assistant.duplicate", f"代码 {item.value.code} 写了两次。", "只留一处。", key="code")
        seen.add(item.value.code)


def _check_guard(item: Item[GuardRow]) -> Iterator[Fault]:
    row = item.value
    if not row.words and not row.patterns:
        yield item.fault("assistant.empty_guard", f"「{row.label}」没有词也没有句式。", "写 words 或 patterns。")
    for word in row.words:
        if len(plain(word)) < 2:
            hint = "写成至少两个字的词，或者用 patterns。"
            yield item.fault("assistant.short_word", f"词“{word}”太短，会误伤平常的问题。", hint, key="words")
    for pattern in row.patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            hint = f"请改正正则表达式（{error}）。"
            yield item.fault("assistant.bad_pattern", f"句式“{pattern}”读不出来。", hint, key="patterns")


def install(value: Value, _pack: PackSource, now: datetime) -> None:
    """Pin the terms."""
    if value is not None:
        pin_definition(TERMS, TERMS, stored(value), label="智能助手", now=now)


def stored(value: TermsRow) -> dict[str, Any]:
    """The pinned form."""
    return {
        **value.settings.value.model_dump(mode="json"),
        "guards": [item.value.model_dump(mode="json") for item in value.guards],
        "small_talk": [item.value.model_dump(mode="json") for item in value.small_talk],
        "outside": [item.value.model_dump(mode="json") for item in value.outside],
    }


def describe(value: Value) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Classes of the guard and everyday remarks."""
    if value is None:
        return
    for item in value.guards:
        fields = {"回答": item.value.answer, "词": "、".join(item.value.words), "句式": "、".join(item.value.patterns)}
        yield "助手护栏", item.value.code, item.value.label, fields
    for remark in value.small_talk:
        yield "助手闲聊", remark.value.code, remark.value.asked[0], {"回答": remark.value.answer}
    for outside in value.outside:
        yield "助手不答的问题", outside.value.code, outside.value.label, {"说法": "；".join(outside.value.asked)}


sections.add("assistant", Section("assistant", "智能助手", load, check, install, describe))

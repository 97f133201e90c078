"""Conversations played against the dialogue: a simulated resident answers what is asked from prepared wordings.

The format of a conversation is described in docs/guide/assistant.md. Needs no database.
"""

import csv
import os
import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zhicheng.engines.dialogue.divisions import Division, DivisionNames
from zhicheng.engines.dialogue.filling import begin, fill
from zhicheng.engines.dialogue.readers import Resolve
from zhicheng.engines.dialogue.slots import Script, flat, read_schema, shown_values
from zhicheng.engines.dialogue.state import Question, Turn
from zhicheng.engines.text.traditional import simplify

_YES = "确认提交"


class ScriptRefused(ValueError):
    """A conversation's file cannot be used; says where and why."""


@dataclass(frozen=True)
class Conversation:
    """One scripted conversation."""

    place: str
    form: str
    service: str
    today: date
    persona: str
    opening: tuple[str, ...]
    answers: Mapping[str, Any]
    contradictions: Mapping[str, str]
    before_submit: tuple[str, ...]
    joiner: str
    expected: Mapping[str, Any]


@dataclass
class Played:
    """How a conversation went: what was said, the values at its end, whether it was submitted."""

    conversation: Conversation
    values: dict[str, Any]
    said: list[tuple[str, str]] = field(default_factory=list)
    done: bool = False

    @property
    def turns(self) -> int:
        """The resident's messages."""
        return len(self.said)


@dataclass(frozen=True)
class Miss:
    """A field that came out wrong: `expected` is None for one that should be empty."""

    place: str
    name: str
    expected: Any
    got: Any


def formfill_figures(pack: Path, scripts: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Play every conversation: how many fields come out right, in how many turns.

    A field that is filled though nobody said it counts as wrong; turns are the resident's messages.

    Raises:
        OSError: a file cannot be read.
        ScriptRefused: a file holds no conversations, or names a form that the pack does not have.
    """
    resolve = pack_resolver(pack)
    right = fields = wanted = turns = long = unfinished = 0
    services = set()
    started_s = time.perf_counter()
    conversations = list(read_conversations(scripts))
    for conversation in conversations:
        played = play(conversation, load_script(pack, conversation.form), resolve)
        wrong, expected = list(misses(played)), flat(conversation.expected)
        for miss in wrong:
            say(f"{miss.place} {miss.name}：应为 {miss.expected}，得到 {miss.got}")
        count = len({*expected, *played.values})
        fields, right, wanted = fields + count, right + count - len(wrong), wanted + len(expected)
        turns, long = turns + played.turns, long + (played.turns >= len(expected))
        unfinished += not played.done
        services.add(conversation.service)
    return {
        "fields_right": round(right / fields, 4) if fields else None,
        "turns_per_field": round(turns / wanted, 4) if wanted else None,
        "n": len(conversations),
        "fields": fields,
        "services": len(services),
        "conversations_too_long": long,
        "not_submitted": unfinished,
        "seconds": round(time.perf_counter() - started_s, 2),
        "load_1m": round(os.getloadavg()[0], 2),
    }


def read_conversations(path: Path) -> Iterator[Conversation]:
    """The conversations of a file, or of every .yaml below a folder.

    Raises:
        OSError: a file cannot be read.
        ScriptRefused: a file holds no such conversations.
    """
    for file in sorted(path.rglob("*.yaml")) if path.is_dir() else [path]:
        try:
            rows = yaml.safe_load(file.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise ScriptRefused(f"{file}: 不是 YAML：{error}") from None
        if not isinstance(rows, list):
            raise ScriptRefused(f"{file}: 应是对话的列表。")
        for number, row in enumerate(rows, 1):
            yield _conversation(f"{file.name}#{number}", row)


def play(conversation: Conversation, script: Script, resolve: Resolve) -> Played:
    """Play one conversation to its end, or until it has taken far too long."""
    resident = _Resident(conversation, script)
    turn = begin(script, today=conversation.today)
    played = Played(conversation, {})
    for _ in range(3 * len(script.slots) + 20):
        message = resident.reply(turn)
        if message is None:
            break
        played.said.append((message, turn.say))
        turn = fill(script, turn.state, message, today=conversation.today, resolve=resolve)
    played.done = turn.done
    computed = {slot.name for slot in script.slots if slot.computed is not None}
    values = shown_values(script, turn.state.values)
    played.values = {name: value for name, value in values.items() if name not in computed}
    return played


def misses(played: Played) -> Iterator[Miss]:
    """Every field that is wrong, missing, or filled though nobody said it."""
    expected = flat(played.conversation.expected)
    for name in [*expected, *(name for name in played.values if name not in expected)]:
        wanted, got = expected.get(name), played.values.get(name)
        if not is_same(wanted, got):
            yield Miss(played.conversation.place, name, wanted, got)


def is_same(wanted: Any, got: Any) -> bool:
    """Whether two values mean the same; texts without differences of width, script, blanks and punctuation."""
    if isinstance(wanted, str) and isinstance(got, str):
        return _plain(wanted) == _plain(got)
    if isinstance(wanted, list) and isinstance(got, list):
        return sorted(map(str, wanted)) == sorted(map(str, got))
    if isinstance(wanted, date):
        return bool(wanted.isoformat() == got)
    return type(wanted) is type(got) and (wanted == got) is True


def load_script(pack: Path, code: str) -> Script:
    """The slots of a form of a pack, by its code or the name of its file.

    Raises:
        ScriptRefused: the pack has no such form.
    """
    return _scripts(pack)[code] if code in _scripts(pack) else _no_form(code)


def pack_resolver(pack: Path) -> Resolve:
    """Divisions by the pack's names; an address stays as it was said."""
    with (pack / "divisions.csv").open(encoding="utf-8", newline="") as lines:
        rows = [Division(row["code"], row["name"], row["level"], row["parent"]) for row in csv.DictReader(lines)]
    names = DivisionNames(rows)
    return lambda kind, text: {"division": names.find, "division_name": names.name_of}.get(kind, str)(text)


class _Resident:
    """Answers what is asked; uses several wordings for one field in turn, the last one again and again."""

    def __init__(self, conversation: Conversation, script: Script) -> None:
        self._talk = conversation
        self._script = script
        self._opening = list(conversation.opening)
        self._closing = list(conversation.before_submit)
        self._used: dict[str, int] = {}
        self._members: dict[str, int] = {}
        self._submitted = 0

    def reply(self, turn: Turn) -> str | None:
        """The next message; None when there is nothing more to say."""
        if turn.done or turn.left or self._submitted > 1:
            return None
        if self._opening:
            return self._opening.pop(0)
        kinds = {question.kind for question in turn.questions}
        if "submit" in kinds:
            if self._closing:
                return self._closing.pop(0)
            self._submitted += 1
            return _YES
        if "contradiction" in kinds:
            return self._settle(turn.questions)
        if kinds & {"any", "more"}:
            return self._member(turn.questions[0].name)
        return self._answer(turn.questions)

    def _answer(self, questions: Sequence[Question]) -> str:
        said = [wording for question in questions if (wording := self._wording(question.name))]
        if said:
            return self._talk.joiner.join(said)
        promised = all((slot := self._script.slot(question.name)) and slot.is_promise for question in questions)
        if promised:
            return "同意"
        return "跳过" if all(question.optional for question in questions) else "不知道"

    def _settle(self, questions: Sequence[Question]) -> str:
        for question in questions:
            if question.name in self._talk.contradictions:
                return self._talk.contradictions[question.name]
        return self._answer(questions)

    def _member(self, name: str) -> str:
        items = self._talk.answers.get(name) or []
        index = self._members.get(name, 0)
        begun = max((int(key.split(".")[1]) + 1 for key in self._used if key.startswith(f"{name}.")), default=0)
        index = max(index, begun)
        if not isinstance(items, list) or index >= len(items):
            return "没有了" if index else "没有"
        self._members[name] = index + 1
        said = [wording for key in items[index] if (wording := self._wording(f"{name}.{index}.{key}"))]
        return self._talk.joiner.join(said)

    def _wording(self, name: str) -> str:
        first, _, rest = name.partition(".")
        wording: Any = self._talk.answers.get(first)
        if rest:
            index, _, key = rest.partition(".")
            items = wording if isinstance(wording, list) else []
            wording = items[int(index)].get(key) if int(index) < len(items) else None
        if wording is None:
            return ""
        options = [str(one) for one in wording] if isinstance(wording, list) else [str(wording)]
        used = self._used.get(name, 0)
        self._used[name] = used + 1
        return options[min(used, len(options) - 1)]


def _conversation(place: str, row: Any) -> Conversation:
    if not isinstance(row, dict) or not isinstance(row.get("form"), str) or not isinstance(row.get("expected"), dict):
        raise ScriptRefused(f"{place}: 需要 form 和 expected。")
    turns = row.get("turns", {})
    scripted = {"opening": turns} if isinstance(turns, list) else turns
    if not isinstance(scripted, dict):
        raise ScriptRefused(f"{place}: turns 应是消息的列表，或者 opening、answers 等。")
    return Conversation(
        place=place,
        form=row["form"],
        service=str(row.get("service", "")),
        today=date.fromisoformat(str(row.get("today", "2026-11-20"))),
        persona=str(row.get("persona", "")),
        opening=tuple(map(str, scripted.get("opening", ()))),
        answers=scripted.get("answers", {}),
        contradictions=scripted.get("contradictions", {}),
        before_submit=tuple(map(str, scripted.get("before_submit", ()))),
        joiner=str(scripted.get("joiner", "，")),
        expected=row["expected"],
    )


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", simplify(unicodedata.normalize("NFKC", text))).upper()


@cache
def _scripts(pack: Path) -> Mapping[str, Script]:
    found: dict[str, Script] = {}
    for path in sorted((pack / "forms").glob("*.yaml")):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        found[path.stem] = found[body["code"]] = read_schema(body["schema"])
    return found


def _no_form(code: str) -> Script:
    raise ScriptRefused(f"没有表单「{code}」。")

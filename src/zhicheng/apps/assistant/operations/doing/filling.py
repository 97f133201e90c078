"""边聊边办: a service's form filled by talking. The draft is the ordinary one; nothing is submitted without a yes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from zhicheng.apps.assistant.operations.asking import answer_question
from zhicheng.apps.assistant.operations.doing.applying import apply_for
from zhicheng.apps.assistant.operations.doing.submitting import missing_materials, submit_filled, upload_choices
from zhicheng.apps.assistant.operations.doing.tasks import FILL, with_task, without_task
from zhicheng.apps.assistant.operations.running import Answered, Run
from zhicheng.apps.assistant.policy.intents import Meaning, is_question
from zhicheng.apps.assistant.policy.plain import plain
from zhicheng.apps.assistant.policy.subjects import aspect_of
from zhicheng.apps.assistant.queries.cards import find_services
from zhicheng.apps.assistant.queries.dividing import resolver
from zhicheng.apps.assistant.values import Answer, Button, Card, Line, Subject
from zhicheng.apps.services.errors import ServiceNotOnline, ServiceUnknown, ThemeUnknown
from zhicheng.apps.services.public import start_application
from zhicheng.core.forms.errors import DraftChanged, DraftNotFound, FormTooLarge, TooManyDrafts
from zhicheng.core.forms.public import (
    fill_from_documents,
    form_by_hash,
    get_draft,
    list_documents,
    list_drafts,
    save_draft,
    source_words,
)
from zhicheng.core.forms.values import Draft, SaveDraft
from zhicheng.engines.dialogue import acts
from zhicheng.engines.dialogue.filling import begin, fill
from zhicheng.engines.dialogue.slots import Script, compute, flat, nested, read_schema
from zhicheng.engines.dialogue.state import REVIEW, State, Turn, state_from_json, state_to_json
from zhicheng.kit.clock import CHINA

_PREFIX = (
    "边聊边办",
    "帮我填",
    "替我填",
    "帮我办",
    "给我办",
    "帮我申请",
    "开始办理",
    "开始申请",
    "填一下",
    "填表",
    "申请表",
)
_READING = re.compile(r"(?:读|认|识别|看)(?:好|完|出来)了?(?:没|吗|么)?[？?]?$|(?:传|上传)(?:好|完)?了[。！]?$")
_GONE = "这份草稿已经不在了（可能已经提交，或者过期）。要重新填的话，告诉我办哪件事。"
_ELSEWHERE = "刚才这份草稿在别处改过，我按最新的内容接着来。"


@dataclass(frozen=True)
class _Filling:
    """A draft with what its conversation remembers of it."""

    draft: Draft
    script: Script
    state: State
    memory: Mapping[str, Any]
    note: str = ""


def start_filling(run: Run, meaning: Meaning) -> Answered:
    """Begin, or go on with, the form of the service that the message names."""
    subject = _named(run)
    if subject is None:
        return apply_for(run, meaning)
    try:
        draft = _draft_for(run, subject)
    except (ServiceNotOnline, ServiceUnknown, ThemeUnknown, TooManyDrafts, DraftNotFound) as error:
        return Answer("doing", (str(error),)), replace(run.talk, subject=subject)
    script = _script(draft.form.hash)
    turn = begin(script, today=_today(run), values=draft.values)
    words = f"好，我们边聊边填「{subject.title}」。一次可以说几项；随时可以说“先不填了”，内容都留在草稿里。"
    filling = _Filling(draft, script, turn.state, {"told": []})
    return _answer(replace(run, talk=replace(run.talk, subject=subject)), filling, turn, words)


def go_on_filling(run: Run, meaning: Meaning) -> Answered:
    """One more message to a form under way."""
    try:
        filling = _load(run)
    except DraftNotFound:
        return Answer("doing", (_GONE,)), without_task(run.talk)
    if _READING.search(run.ask.text):
        return resume(run, filling.note or _reading_words(filling.draft))
    if _is_aside(run.ask.text):
        return _aside(run, meaning, filling)
    turn = run.recorder.run(
        "compose",
        lambda: fill(filling.script, filling.state, run.ask.text, today=_today(run), resolve=resolver()),
        instead=lambda: Turn(filling.state, "没有听明白，请换个说法，或者打开表单填。", offers=("form",)),
        judge=lambda said: (said.state.mode, tuple(change.name for change in said.changes)),
    )
    if turn.left:
        button = Button("打开表单", url=f"/apply/{filling.draft.id}/")
        return Answer("doing", (turn.say,), options=(button,)), without_task(run.talk)
    if turn.done:
        return _submitted(run, filling)
    return _save(run, filling, turn)


@lru_cache(maxsize=256)
def _script(digest: str) -> Script:
    """The slots of a form; read once."""
    form = form_by_hash(digest)
    orders = {each.name: [inner.name for inner in each.items] for each in form.fields if each.items}
    return read_schema(form.schema, orders)


def _named(run: Run) -> Subject | None:
    """The service that is meant: said now, or spoken of before."""
    words = run.ask.text
    for prefix in _PREFIX:
        words = words.replace(prefix, " ")
    if len(plain(words)) >= 2:
        found = find_services(words, 1)
        if found:
            return found[0]
    subject = run.talk.subject
    return subject if subject is not None and subject.kind in {"item", "theme"} else None


def _draft_for(run: Run, subject: Subject) -> Draft:
    """The person's open draft of the service, or a new one."""
    ask = run.ask
    drafts = list_drafts(ask.owner, now=ask.now, subject=f"{subject.kind}:{subject.code}")
    if drafts:
        return get_draft(drafts[0].id, owner=ask.owner, now=ask.now)
    return start_application(subject.kind, subject.code, owner=ask.owner, now=ask.now)


def _load(run: Run) -> _Filling:
    """The draft as it is now: what was changed in the form, or read from an upload, counts."""
    ask, memory = run.ask, run.talk.memory
    draft = get_draft(UUID(memory["draft"]), owner=ask.owner, now=ask.now)
    draft, read = _with_readings(run, draft)
    script, state = _script(draft.form.hash), state_from_json(memory["state"])
    if draft.version == memory["version"]:
        return _Filling(draft, script, state, memory)
    values = flat(draft.values)
    state = replace(state, values=values | compute(script, values, _today(run)), pending=())
    return _Filling(draft, script, state, memory, read or _ELSEWHERE)


def _with_readings(run: Run, draft: Draft) -> tuple[Draft, str]:
    """The draft with what was read from uploads since, and what that was."""
    documents = [one for one in list_documents(draft=draft.id) if one.state == "read"]
    told = set(run.talk.memory.get("told", ()))
    new = [one for one in documents if str(one.id) not in told]
    if not new:
        return draft, ""
    try:
        filled = fill_from_documents(draft.id, draft.version, owner=run.ask.owner, now=run.ask.now)
    except DraftChanged:
        return draft, ""
    run.talk = replace(run.talk, memory={**run.talk.memory, "told": [*told, *(str(one.id) for one in new)]})
    labels = {each.name: each.label for each in draft.form.fields}
    names = [labels[name] for name in filled.values if name not in draft.values and name in labels]
    if not names:
        return filled, "材料已经读过，没有读出新的内容。"
    source = source_words(next(filled.sources[name] for name in filled.values if name not in draft.values))
    return filled, f"{source.partition('，')[0] or '从材料读出'}：{'、'.join(names)}。"


def _is_aside(text: str) -> bool:
    """Whether a message in the middle of a form asks about the matter instead of answering."""
    ends = text.strip().endswith(("?", "？", "吗", "呢"))
    return not acts.find_act(text) and is_question(text) and (ends or bool(aspect_of(text)))


def _aside(run: Run, meaning: Meaning, filling: _Filling) -> Answered:
    """Answer the question, then come back to the form."""
    answer, _ = answer_question(run, meaning)
    asked = "、".join(slot.label for name in filling.state.asked if (slot := filling.script.slot(name)))
    back = f"我们接着填：{asked}？" if asked else "我们接着填。"
    return replace(answer, words=(*answer.words, back)), run.talk


def _save(run: Run, filling: _Filling, turn: Turn) -> Answered:
    """Keep what was said in the draft; what the form cannot take is said and asked again."""
    names = {change.name.partition(".")[0] for change in turn.changes} | _emptied(filling.state, turn.state)
    if not names:
        return _answer(run, replace(filling, state=turn.state), turn, filling.note)
    values = nested(turn.state.values)
    command = SaveDraft(filling.draft.id, filling.draft.version, {name: values.get(name, "") for name in names})
    try:
        draft = save_draft(command, owner=run.ask.owner, now=run.ask.now)
    except DraftChanged:
        fresh = _load(run)
        return _answer(run, fresh, begin(fresh.script, today=_today(run), values=fresh.draft.values), _ELSEWHERE)
    except FormTooLarge as error:
        return Answer("doing", (str(error),)), run.talk
    return _answer(run, replace(filling, draft=draft, state=turn.state), turn, filling.note)


def _emptied(before: State, after: State) -> set[str]:
    return {name.partition(".")[0] for name in before.values if name not in after.values}


def _answer(run: Run, filling: _Filling, turn: Turn, note: str = "") -> Answered:
    """What the turn says, with the draft where it is shown and the ways on."""
    memory = {
        "draft": str(filling.draft.id),
        "version": filling.draft.version,
        "state": state_to_json(turn.state),
        "told": list(run.talk.memory.get("told", filling.memory.get("told", ()))),
    }
    review = turn.state.mode == REVIEW
    cards = (_draft_card(run, filling.draft, turn.draft),) if review else ()
    options = [Button(label, say=label) for question in turn.questions for _, label in question.options[:8]]
    options += [Button("先跳过", say="先跳过")] if "skip" in turn.offers else []
    words = tuple(part for part in (note, turn.say) if part)
    uploads = upload_choices(filling.draft, run.ask) if review or not filling.state.turns else ()
    answer = Answer("doing", words, cards=cards, options=tuple(options), uploads=uploads)
    return answer, with_task(run.talk, FILL, memory)


def resume(run: Run, note: str) -> Answered:
    """Say something, then ask again what the form still wants."""
    filling = _load(run)
    turn = begin(filling.script, today=_today(run), values=filling.draft.values)
    kept = replace(turn.state, passed=filling.state.passed, tries=filling.state.tries, closed=filling.state.closed)
    return _answer(run, filling, replace(turn, state=kept), note)


def _reading_words(draft: Draft) -> str:
    waiting = [one for one in list_documents(draft=draft.id) if one.state == "waiting"]
    return "还在读，请过几秒再问我；也可以先接着填。" if waiting else "没有正在读的照片。"


def _draft_card(run: Run, draft: Draft, lines: Sequence[tuple[str, str]]) -> Card:
    title = run.talk.subject.title if run.talk.subject else draft.form.label
    lacking = missing_materials(draft, run.ask)
    note = f"还差材料：{'、'.join(lacking)}。" if lacking else ""
    buttons = [
        Button("确认提交", say="确认提交"),
        Button("打开表单改", url=f"/apply/{draft.id}/"),
        Button("上传材料", url=f"/apply/{draft.id}/materials/"),
    ]
    shown = tuple(Line(label, words) for label, words in lines)
    return Card("draft", f"「{title}」申请草稿", shown, tuple(buttons if not lacking else buttons[::-1]), note)


def _submitted(run: Run, filling: _Filling) -> Answered:
    """Yes was said: submit, or say what stands in the way and keep the draft."""
    answer, finished = submit_filled(filling.draft, run.ask)
    if finished:
        return answer, without_task(run.talk)
    again = replace(filling.state, mode=REVIEW)
    memory = {**run.talk.memory, "version": filling.draft.version, "state": state_to_json(again)}
    return answer, with_task(run.talk, FILL, memory)


def _today(run: Run) -> date:
    return run.ask.now.astimezone(CHINA).date()

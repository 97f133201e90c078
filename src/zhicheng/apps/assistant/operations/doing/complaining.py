"""投诉: a problem told in a few sentences becomes a complete appeal.

Asked is only what is missing; nothing goes without a yes.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from zhicheng.apps.appeals.public import check_draft, submit_appeal, understand
from zhicheng.apps.appeals.values import AppealDraft, Submitted, Understood
from zhicheng.apps.assistant.operations.doing.tasks import (
    APPEAL,
    hotline_words,
    says_no,
    says_yes,
    wants_stop,
    with_task,
    without_task,
)
from zhicheng.apps.assistant.operations.running import Answered, Run
from zhicheng.apps.assistant.policy.intents import Meaning
from zhicheng.apps.assistant.policy.plain import plain
from zhicheng.apps.assistant.queries.casework import until_words
from zhicheng.apps.assistant.values import Answer, Button, Card, Line
from zhicheng.core.ledger.public import idempotency_key
from zhicheng.core.parties.values import ActorKind
from zhicheng.kit.errors import FieldErrors

_VERB = re.compile(
    r"^(?:你好|您好)?[，,。]?(?:我|俺)?(?:要|想|想要|来)?(?:投诉|举报|反映|报修|曝光)(?:一下|一个|个)?(?:问题|情况|事情|事)?[：:，,。]?"
)
_WHEN = re.compile(
    r"今天|今早|今晚|昨天|昨晚|前天|刚才|刚刚|现在|正在|最近|这几天|每天|每晚|天天|经常|一直|长期|凌晨|半夜|深夜|早上|上午|中午|下午|晚上|夜里|夜间|周末"
    r"|[一二三四五六七八九十两\d]+(?:个)?(?:天|周|星期|月|年|小时|点|号|日)|星期|周[一二三四五六日天]|\d+[:：]\d+"
)
_NO_PLACE = re.compile(r"不(?:说|知道|清楚|方便)|没有(?:具体)?(?:地点|位置)|跳过|不填")
_ABOUT, _WHERE, _TIME, _REVIEW = "about", "where", "when", "review"
_ASK = {
    _ABOUT: "请说说是什么事：什么人、什么东西、出了什么问题。两三句话就行。",
    _WHERE: "事情发生在哪里？说街道、小区、路名或者附近的标志都可以。",
    _TIME: "是什么时候的事？",
}
_TIMES = ("今天", "昨天", "最近几天", "一直这样")
_SHORTEST = 6


def start_complaint(run: Run, meaning: Meaning) -> Answered:
    """A problem is told, or announced."""
    text = _VERB.sub("", run.ask.text).strip()
    memory = {"text": text, "place": "", "when": "", "asked": [], "key": uuid4().hex}
    return _next(run, memory, meaning)


def go_on_complaining(run: Run, meaning: Meaning) -> Answered:
    """One more message to an appeal under way."""
    text, memory = run.ask.text, run.talk.memory
    if wants_stop(text):
        return Answer("doing", ("好的，不提交了。什么时候想反映，再告诉我。",)), without_task(run.talk)
    if memory.get("step") == _REVIEW:
        return _decide(run, memory, meaning)
    return _next(run, _with_answer(memory, text), meaning)


def _with_answer(memory: Mapping[str, Any], text: str) -> dict[str, Any]:
    """What was asked is filled by what was said; what was not asked adds to the story."""
    step = memory.get("step")
    if step == _WHERE:
        return {**memory, "place": "" if _NO_PLACE.search(text) else text.strip()[:200]}
    if step == _TIME:
        return {**memory, "when": text.strip()[:60]}
    told = "\n".join(part for part in (str(memory["text"]), _VERB.sub("", text).strip()) if part)
    return {**memory, "text": told}


def _next(run: Run, memory: Mapping[str, Any], _meaning: Meaning) -> Answered:
    """Ask for what is missing, each once; then show the draft."""
    seen = run.recorder.run(
        "retrieve",
        lambda: understand(_draft(run, memory)) if memory["text"] else None,
        instead=lambda: None,
        judge=lambda found: ("ok" if found else "empty", tuple(c.code for c in found.candidates) if found else ()),
    )
    step = _missing(memory, seen)
    if step == _REVIEW:
        return _review(run, memory, seen)
    asked = {**memory, "step": step, "asked": [*memory["asked"], step]}
    options = tuple(Button(words, say=words) for words in _TIMES) if step == _TIME else ()
    options += (Button("不方便说地点", say="不方便说"),) if step == _WHERE else ()
    stop = Button("不反映了", say="取消")
    return Answer("doing", (_ASK[step],), options=(*options, stop)), with_task(run.talk, APPEAL, asked)


def _missing(memory: Mapping[str, Any], seen: Understood | None) -> str:
    """What is still to be asked: the matter until it is told, the place and the time once each."""
    text, asked = str(memory["text"]), memory["asked"]
    if len(plain(text)) < _SHORTEST:
        return _ABOUT
    if not memory["place"] and (seen is None or seen.location is None) and _WHERE not in asked:
        return _WHERE
    if not memory["when"] and not _WHEN.search(text) and _TIME not in asked:
        return _TIME
    return _REVIEW


def _review(run: Run, memory: Mapping[str, Any], seen: Understood | None) -> Answered:
    draft = _draft(run, memory)
    lines = [Line("内容", draft.text)]
    place = " ".join(part for part in (seen.place if seen else "", draft.address) if part)
    lines.append(Line("地点", place or "没有说明"))
    if seen is not None and seen.candidates:
        lines.append(Line("事项", seen.candidates[0].label))
        lines.append(Line("将交给", seen.unit_name if seen.sure else f"{seen.unit_name}（由分拨员核定）"))
    lines.append(Line("身份", "匿名，凭编号和查询码跟踪" if draft.anonymous else "用您的账号提交，可以在“我的”里跟踪"))
    buttons = (Button("确认提交", say="确认提交"), Button("不提交了", say="取消"))
    card = Card("appeal", "诉求草稿", tuple(lines), buttons, "要改的话直接说，例如“地点是景田北路 8 号”。")
    words = "我整理成了一件诉求，请看一遍。对的话说“确认提交”。"
    return Answer("doing", (words,), cards=(card,)), with_task(run.talk, APPEAL, {**memory, "step": _REVIEW})


def _decide(run: Run, memory: Mapping[str, Any], meaning: Meaning) -> Answered:
    """The answer to the draft: yes, no, or a change."""
    text = run.ask.text
    if says_yes(text):
        return _send(run, memory)
    if says_no(text):
        return Answer("doing", ("好的，要改哪里？直接说；不想提交了，说“取消”。",)), run.talk
    place = re.search(r"地点(?:是|在|改成|应该是|改为)?[：:]?(.+)", text)
    if place:
        return _next(run, {**memory, "place": place[1].strip()[:200]}, meaning)
    return _next(run, {**memory, "text": f"{memory['text']}\n补充：{text.strip()}"}, meaning)


def _send(run: Run, memory: Mapping[str, Any]) -> Answered:
    draft, ask = _draft(run, memory), run.ask
    body = {"text": draft.text, "address": draft.address}
    key = idempotency_key(f"assistant:{ask.owner.key}", str(memory["key"]), body)
    try:
        checked = check_draft(draft, actor=ask.actor, now=ask.now)
        done = submit_appeal(checked, actor=ask.actor, now=ask.now, key=key)
    except FieldErrors as error:
        said = [sentence for sentences in error.fields.values() for sentence in sentences]
        return Answer("doing", ("还不能提交：", *said)), run.talk
    return _receipt(done, anonymous=draft.anonymous), without_task(run.talk)


def _receipt(done: Submitted, *, anonymous: bool) -> Answer:
    lines = [Line("编号", done.number), Line("承办单位", done.unit_name)]
    if anonymous:
        lines.append(Line("查询码", f"{done.follow_code}（只显示这一次，请记好）"))
    if done.due_at is not None:
        lines.append(Line("最近时限", until_words(done.due_at)))
    address = "/appeals/follow/" if anonymous else f"/appeals/{done.number}/"
    card = Card("case", done.item_label or "诉求", tuple(lines), (Button("看进度", url=address),))
    return Answer("doing", (f"已经提交，编号 {done.number}。以后问我“办到哪了”就行{hotline_words()}。",), cards=(card,))


def _draft(run: Run, memory: Mapping[str, Any]) -> AppealDraft:
    known = run.ask.actor.kind is ActorKind.RESIDENT and run.ask.actor.party_id is not None
    when = f"\n发生时间：{memory['when']}" if memory["when"] else ""
    return AppealDraft(text=f"{memory['text']}{when}", channel="web", address=str(memory["place"]), anonymous=not known)

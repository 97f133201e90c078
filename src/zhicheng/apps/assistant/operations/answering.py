"""From a message to an answer, stage by stage: guard, understand, retrieve, compose, guard again. Stores nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from zhicheng.apps.assistant.operations.stages import Recorder
from zhicheng.apps.assistant.policy import intents
from zhicheng.apps.assistant.policy.composing import PERSON, checked, choose, clarify, decline, quote
from zhicheng.apps.assistant.policy.guarding import Finding, inspect
from zhicheng.apps.assistant.policy.intents import Meaning, understand
from zhicheng.apps.assistant.policy.subjects import aspect_of, is_elliptical, lines_for, resolve
from zhicheng.apps.assistant.queries.cards import (
    cards_for,
    find_services,
    guide_address,
    guide_lines,
    service_card,
    subject_for,
)
from zhicheng.apps.assistant.queries.searching import find
from zhicheng.apps.assistant.queries.terms import get_terms
from zhicheng.apps.assistant.values import (
    LONGEST,
    LONGEST_TOLD,
    Answer,
    Ask,
    Button,
    Quote,
    Reply,
    Subject,
    Talk,
    Terms,
)
from zhicheng.core.knowledge.values import Hit
from zhicheng.core.packs.public import current_pack

_AWAY = "抱歉，知识库暂时用不了，我不能凭记忆回答。请稍后再试，或者找工作人员。"
_FOLLOW_UPS = (("要带什么材料？", "materials"), ("要多久？", "time"), ("怎么收费？", "fee"))
_SAME_SUBJECT = 0.6  # of the confidence needed: the subject is known already
Handler = Callable[["Answering", Meaning], tuple[Answer, Talk]]


class Answering:
    """One message on its way to an answer."""

    def __init__(self, ask: Ask, talk: Talk) -> None:
        self.ask, self.talk, self.terms = ask, talk, get_terms()
        self.recorder = Recorder()
        self.hits: list[Hit] = []

    def reply(self) -> Reply:
        """Go through the stages."""
        run, ask = self.recorder.run, self.ask
        longest = LONGEST_TOLD if self.talk.task else LONGEST
        finding = run(
            "guard_in",
            lambda: inspect(ask.text, self.terms.guards, longest=longest),
            instead=lambda: None,
            judge=_judge_guard,
        )
        if finding is not None and finding.blocks:
            return self._done(_guarded(finding), self.talk, "guarded")
        meaning = run(
            "understand",
            lambda: understand(ask.text, self.terms.small_talk),
            instead=lambda: Meaning(intents.ASK),
            judge=lambda found: (found.intent, ()),
        )
        answer, talk = self._handle(meaning)
        if finding is not None:
            answer = replace(answer, words=(finding.guard.answer, *answer.words))
        answer = self._guard_out(answer)
        return self._done(answer, talk, meaning.intent)

    def _handle(self, meaning: Meaning) -> tuple[Answer, Talk]:
        return HANDLERS.get(meaning.intent, answer_question)(self, meaning)

    def _guard_out(self, answer: Answer) -> Answer:
        """What is quoted must stand in its source; an answer of which nothing is left is none."""
        kept = self.recorder.run(
            "guard_out",
            lambda: checked(answer, self.hits),
            instead=lambda: (decline(again=False), 0),
            judge=lambda found: ("dropped" if found[1] else "ok", ()),
        )[0]
        emptied = answer.quotes and not kept.quotes
        return decline(again=False) if emptied else kept

    def _done(self, answer: Answer, talk: Talk, intent: str) -> Reply:
        return Reply(answer, talk, tuple(self.recorder.records), intent)


def reply_to(ask: Ask, talk: Talk) -> Reply:
    """Answer a message in its conversation. Whatever fails is said in a sentence and stands in the records."""
    return Answering(ask, talk).reply()


def answer_question(run: Answering, _meaning: Meaning) -> tuple[Answer, Talk]:
    """A question: what the city knows, quoted; else one question back; else an honest no."""
    text, about = _resolved(run)
    failed_before = run.recorder.failed
    run.hits = run.recorder.run("retrieve", lambda: find(text, run.ask), instead=list[Hit], judge=_judge_hits)
    if run.recorder.failed and not failed_before:
        return Answer("failed", (_AWAY,), options=(PERSON,)), run.talk
    run.hits = _near_subject(run.hits, about, run.terms)
    answer, talk = run.recorder.run(
        "compose",
        lambda: _compose(run, text, about),
        instead=lambda: (decline(again=False), run.talk),
        judge=lambda made: (made[0].outcome, ()),
    )
    return answer, talk


def _resolved(run: Answering) -> tuple[str, Subject | None]:
    """The question as it is searched, and the subject that it is about because it names none itself."""
    talk, text = run.talk, run.ask.text
    if talk.subject is not None and is_elliptical(text):
        return resolve(text, talk.subject), talk.subject
    if talk.missed and text not in talk.offered and len(text) <= 12:
        return f"{talk.missed} {text}", None  # the answer to a question back says more of the same
    return text, None


def _near_subject(hits: Sequence[Hit], about: Subject | None, terms: Terms) -> list[Hit]:
    """For a follow-up question, what is about the same subject comes first, and needs less to be believed."""
    if about is None:
        return list(hits)
    same = [hit for hit in hits if about.code in hit.refs.get("services", ()) or about.code == hit.document]
    return [
        replace(hit, confidence=max(hit.confidence, terms.answer_from))
        if hit.confidence >= terms.answer_from * _SAME_SUBJECT
        else hit
        for hit in same
    ]


def _compose(run: Answering, text: str, about: Subject | None) -> tuple[Answer, Talk]:
    guide = _from_guide(run.ask.text, about) if about else None
    what, chosen = choose(run.hits, run.terms)
    if what == "answer":
        return _quoted(run, chosen[0], text, guide)
    if guide is not None and about is not None:
        return guide, replace(run.talk, subject=about, misses=0, missed="", offered=())
    again = run.talk.misses > 0
    if what == "clarify" and not again:
        answer = clarify(chosen)
        offered = tuple(hit.title for hit in chosen)
        return answer, replace(run.talk, misses=1, missed=run.ask.text[:200], offered=offered)
    answer = decline(again=again)
    return _with_hotline(answer), replace(run.talk, misses=run.talk.misses + 1, missed="", offered=())


def _quoted(run: Answering, hit: Hit, text: str, guide: Answer | None) -> tuple[Answer, Talk]:
    quotes, _ = quote(hit, text, run.terms)
    if not quotes:
        return decline(again=False), run.talk
    services = hit.refs.get("services", ())
    subject = subject_for(services) or Subject("document", hit.document, hit.title)
    cards = cards_for(services)
    answer = Answer(
        "answered", quotes=quotes, cards=cards, options=_follow_ups(run.ask.text, subject), confidence=hit.confidence
    )
    if guide is not None:
        seen = {each.text for each in quotes}
        more = tuple(each for each in guide.quotes if each.text not in seen)
        answer = replace(answer, quotes=(*more, *quotes))
    talk = replace(run.talk, subject=subject, misses=0, missed="", offered=())
    return answer, talk


def _from_guide(text: str, about: Subject) -> Answer | None:
    """A side of a service as its guide says it: the limit, the fee, the materials."""
    lines = lines_for(aspect_of(text), guide_lines(about))
    if not lines:
        return None
    source, link = f"《{about.title}》办事指南", guide_address(about)
    quotes = tuple(
        Quote(f"{line.label}：{line.value}。", source, link, f"guide:{about.code}", line.label) for line in lines
    )
    card = service_card(about)
    return Answer("answered", quotes=quotes, cards=(card,) if card else (), confidence=1.0)


def _follow_ups(text: str, subject: Subject) -> tuple[Button, ...]:
    """What people ask next about a service, but for what was asked just now."""
    if subject.kind != "item":
        return ()
    asked = aspect_of(text)
    return tuple(Button(words, say=words) for words, aspect in _FOLLOW_UPS if aspect != asked)


def apply_for(run: Answering, _meaning: Meaning) -> tuple[Answer, Talk]:
    """Somebody wants to have something done: the service with its guide, and the ways to begin."""
    found = run.recorder.run(
        "retrieve",
        lambda: find_services(run.ask.text),
        instead=list[Subject],
        judge=_judge_services,
    )
    if not found:
        return answer_question(run, _meaning)
    card = service_card(found[0])
    others = tuple(Button(each.title, say=f"我想办{each.title}") for each in found[1:])
    words = (f"您要办的应该是「{found[0].title}」。", *(("不是这一件的话，请选：",) if others else ()))
    answer = Answer("doing", words, cards=(card,) if card else (), options=(*others, PERSON))
    run.recorder.run("compose", lambda: answer, instead=lambda: answer)
    return answer, replace(run.talk, subject=found[0], misses=0, missed="")


def to_person(run: Answering, _meaning: Meaning) -> tuple[Answer, Talk]:
    """Somebody wants a person."""
    hotline = current_pack().text("hotline")
    words = f"好的。您可以拨打 {hotline}，全天有人接听。" if hotline else "好的，请到就近的政务服务窗口咨询。"
    return Answer("person", (words,)), replace(run.talk, misses=0, missed="")


def thank(run: Answering, _meaning: Meaning) -> tuple[Answer, Talk]:
    """Thanks."""
    return Answer("answered", ("不客气。还有什么想办、想问的，随时说。",), confidence=1.0), run.talk


def small_talk(run: Answering, meaning: Meaning) -> tuple[Answer, Talk]:
    """An everyday remark."""
    words = meaning.talk.answer.format(name=run.terms.name, city=current_pack().name) if meaning.talk else ""
    options = tuple(Button(each, say=each) for each in run.terms.frequent[:3])
    return Answer("answered", (words,), options=options, confidence=1.0), run.talk


def _guarded(finding: Finding) -> Answer:
    return Answer("refused", (finding.guard.answer,), options=finding.guard.buttons)


def _with_hotline(answer: Answer) -> Answer:
    hotline = current_pack().text("hotline")
    return answer.with_words(f"也可以拨打 {hotline} 咨询。") if hotline else answer


def _judge_guard(finding: Finding | None) -> tuple[str, tuple[str, ...]]:
    return ("ok", ()) if finding is None else ("blocked" if finding.blocks else "noted", (finding.guard.code,))


def _judge_services(services: Sequence[Subject]) -> tuple[str, tuple[str, ...]]:
    return ("ok" if services else "empty", tuple(each.code for each in services))


def _judge_hits(hits: Sequence[Hit]) -> tuple[str, tuple[str, ...]]:
    return ("ok" if hits else "empty", tuple(hit.document for hit in hits[:5]))


HANDLERS: dict[str, Handler] = {
    intents.ASK: answer_question,
    intents.APPLY: apply_for,
    intents.FILL: apply_for,
    intents.PERSON: to_person,
    intents.THANKS: thank,
    intents.TALK: small_talk,
}

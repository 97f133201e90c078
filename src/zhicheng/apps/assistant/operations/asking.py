"""Questions: what the city knows, quoted; else one question back; else an honest no."""

from collections.abc import Sequence
from dataclasses import replace

from zhicheng.apps.assistant.operations.rephrasing import rephrase
from zhicheng.apps.assistant.operations.running import Answered, Run
from zhicheng.apps.assistant.policy.composing import NEAREST_TWO, OUTSIDE, PERSON, choose, clarify, decline, quote
from zhicheng.apps.assistant.policy.intents import Meaning, is_bare_subject, is_question
from zhicheng.apps.assistant.policy.subjects import (
    HOW,
    OVERVIEW,
    asks_no_more,
    aspect_of,
    goes_on,
    is_elliptical,
    lines_for,
    names_of,
    own_words,
    resolve,
)
from zhicheng.apps.assistant.queries.cards import (
    cards_for,
    guide_address,
    guide_lines,
    service_card,
    service_named,
    subject_for,
)
from zhicheng.apps.assistant.queries.outside import nearest_outside
from zhicheng.apps.assistant.queries.searching import find
from zhicheng.apps.assistant.values import Answer, Button, Quote, Subject, Terms
from zhicheng.core.knowledge.values import Hit
from zhicheng.core.packs.public import current_pack

_AWAY = "抱歉，知识库暂时用不了，我不能凭记忆回答。请稍后再试，或者找工作人员。"
_FOLLOW_UPS = (("要带什么材料？", "materials"), ("要多久？", "time"), ("怎么收费？", "fee"))
_CLEARLY_OUTSIDE = 0.5  # cosine from which the class of the question is named
_TOLD = 10  # characters
_SAME_SUBJECT = 0.6  # of the confidence needed: the subject is known already


def answer_question(run: Run, _meaning: Meaning) -> Answered:
    """A question: what the city knows, quoted; else one question back; else an honest no."""
    text, about = _resolved(run)
    failed_before = run.recorder.failed
    run.hits = run.recorder.run("retrieve", lambda: find(text, run.ask), instead=list[Hit], judge=_judge_hits)
    if about is None:
        text, about = _going_on(run, text)
    if run.recorder.failed and not failed_before:
        return Answer("failed", (_AWAY,), options=(PERSON,)), run.talk
    run.hits = _near_subject(run.hits, about, run.terms)
    answer, talk = run.recorder.run(
        "compose",
        lambda: _compose(run, text, about),
        instead=lambda: (decline(again=False), run.talk),
        judge=lambda made: (made[0].outcome, ()),
    )
    return rephrase(run, answer), talk


def _resolved(run: Run) -> tuple[str, Subject | None]:
    """The question as it is searched, and the subject that it is about because it names none itself."""
    talk, text = run.talk, run.ask.text
    if talk.subject is not None and is_elliptical(text):
        return resolve(text, talk.subject), talk.subject
    if talk.missed and text not in talk.offered and len(text) <= 12:
        return f"{talk.missed} {text}", None  # the answer to a question back says more of the same
    return text, None


def _going_on(run: Run, text: str) -> tuple[str, Subject | None]:
    """Whether a short question goes on about the subject: alone it finds nothing sure, with it an entry."""
    subject = run.talk.subject
    if subject is None or not goes_on(text) or (run.hits and run.hits[0].confidence >= run.terms.alone_from):
        return text, None
    whole = f"{subject.title} {text}"
    again = run.recorder.run("retrieve", lambda: find(whole, run.ask), instead=list[Hit], judge=_judge_hits)
    near = [hit for hit in again if _is_about(hit, subject)]
    if not near or not (_says_more(near[0], text) or asks_no_more(text)):
        return text, None
    run.hits = near
    return whole, subject


def _is_about(hit: Hit, subject: Subject) -> bool:
    """Whether a hit is about a subject; for one without a service, whatever was found by its title."""
    return subject.kind == "document" or subject.code in hit.refs.get("services", ())


def _says_more(hit: Hit, text: str) -> bool:
    """Whether an entry speaks of what a question adds to its subject."""
    words = own_words(text)
    said = f"{hit.title}{hit.matched}{hit.text}"
    return any(word in said for word in words)


def _near_subject(hits: Sequence[Hit], about: Subject | None, terms: Terms) -> list[Hit]:
    """For a follow-up question, what is about the same subject comes first, and needs less to be believed."""
    if about is None:
        return list(hits)
    same = [hit for hit in hits if _is_about(hit, about)]
    return [
        replace(hit, confidence=max(hit.confidence, terms.answer_from))
        if hit.confidence >= terms.answer_from * _SAME_SUBJECT
        else hit
        for hit in same
    ]


def _compose(run: Run, text: str, about: Subject | None) -> Answered:
    guide = _from_guide(run.ask.text, about) if about else None
    outside = nearest_outside(text, run.terms) if about is None else None
    said, again = run.ask.text, run.talk.misses > 0
    is_vague = is_bare_subject(said) or (again and said not in run.talk.offered and not is_question(said))
    what, chosen = choose(run.hits, run.terms, outside=outside.alike if outside else None, is_vague=is_vague)
    named = _named(run) if about is None and chosen and (len(chosen) > 1 or _asks_how(said)) else None
    if named is not None:
        return named
    if what == "answer":
        answered = _quoted(run, chosen[0], text, guide, about)
        return answered if guide else _also(run, answered, chosen, text)
    if guide is not None and about is not None:
        return guide, replace(run.talk, subject=about, misses=0, missed="", offered=())
    if what == "clarify" and not again:
        answer = _with_reporting(clarify(chosen), said)
        offered = tuple(hit.title for hit in chosen)
        return answer, replace(run.talk, misses=1, missed=run.ask.text[:200], offered=offered)
    answer = decline(again=again)
    if outside is not None and outside.alike >= _CLEARLY_OUTSIDE:
        return replace(answer, words=(OUTSIDE.format(label=outside.label),)), run.talk
    return _with_hotline(_with_reporting(answer, said)), replace(
        run.talk, misses=run.talk.misses + 1, missed="", offered=()
    )


def _named(run: Run) -> Answered | None:
    """What the guide says, where a question names a service and no more than a side of it: "居住证怎么办"."""
    subject = next(filter(None, map(service_named, names_of(run.ask.text))), None)
    aspect = OVERVIEW if _asks_how(run.ask.text) else aspect_of(run.ask.text)
    answer = _from_guide(run.ask.text, subject, aspect) if subject else None
    if subject is None or answer is None:
        return None
    options = _follow_ups(run.ask.text, subject)
    return replace(answer, options=options), replace(run.talk, subject=subject, misses=0, missed="", offered=())


def _asks_how(said: str) -> bool:
    return aspect_of(said) in ("", HOW)


def _quoted(run: Run, hit: Hit, text: str, guide: Answer | None, about: Subject | None) -> Answered:
    services = hit.refs.get("services", ())
    kept = about if about and about.kind == "item" else None
    subject = kept or subject_for(services) or Subject("document", hit.document, hit.title)
    if hit.kind == "guide" and guide is None:
        guide = _from_guide(text, subject, aspect_of(text) or OVERVIEW)
    quotes, _ = quote(hit, text, run.terms)
    if hit.kind == "guide" and guide is not None:
        quotes = ()  # its lines say it all, in the order in which people ask
    quotes = (*(guide.quotes if guide else ()), *quotes)
    if not quotes:
        return decline(again=False), run.talk
    options = _follow_ups(run.ask.text, subject)
    answer = Answer("answered", quotes=quotes, cards=cards_for(services), options=options, confidence=hit.confidence)
    return answer, replace(run.talk, subject=subject, misses=0, missed="", offered=())


def _also(run: Run, answered: Answered, chosen: Sequence[Hit], text: str) -> Answered:
    """With the second nearest as well, where the nearest is not sure enough to stand alone."""
    answer, talk = answered
    if len(chosen) < 2 or not answer.quotes:
        return answered
    quotes = [quote(hit, text, run.terms)[0] for hit in chosen]
    named = [replace(each, heading=hit.title) for hit, found in zip(chosen, quotes, strict=True) for each in found]
    first = answer.quotes if chosen[0].kind == "guide" else ()
    kept = (*first, *(each for each in named if not first or each.document != chosen[0].document))
    services = tuple(dict.fromkeys(code for hit in chosen for code in hit.refs.get("services", ())))
    return replace(answer, words=(NEAREST_TWO, *answer.words), quotes=kept, cards=cards_for(services)), talk


def _from_guide(text: str, about: Subject, aspect: str = "") -> Answer | None:
    """A side of a service as its guide says it: the limit, the fee, the materials."""
    lines = lines_for(aspect or aspect_of(text), guide_lines(about))
    if not lines:
        return None
    source, link = f"《{about.title}》办事指南", guide_address(about)
    quotes = tuple(
        Quote(f"{line.label}：{line.value}。", source, link, f"item:{about.code}", line.label) for line in lines
    )
    card = service_card(about)
    return Answer("answered", quotes=quotes, cards=(card,) if card else (), confidence=1.0)


def _follow_ups(text: str, subject: Subject) -> tuple[Button, ...]:
    """What people ask next about a service, but for what was asked just now."""
    if subject.kind != "item":
        return ()
    asked = aspect_of(text)
    return tuple(Button(words, say=words) for words, aspect in _FOLLOW_UPS if aspect != asked)


def _with_reporting(answer: Answer, said: str) -> Answer:
    """What is told and not asked may be a thing to report."""
    if is_question(said) or len(said) < _TOLD:
        return answer
    return replace(answer, options=(Button("反映这件事", say=f"我要反映：{said}"), *answer.options))


def _with_hotline(answer: Answer) -> Answer:
    hotline = current_pack().text("hotline")
    return answer.with_words(f"也可以拨打 {hotline} 咨询。") if hotline else answer


def _judge_hits(hits: Sequence[Hit]) -> tuple[str, tuple[str, ...]]:
    return ("ok" if hits else "empty", tuple(hit.document for hit in hits[:5]))

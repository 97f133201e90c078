"""From what was found to what is said: sentences of the sources, unchanged, each with where it stands."""

from collections.abc import Sequence
from dataclasses import replace

from zhicheng.apps.assistant.policy.guarding import without_instructions
from zhicheng.apps.assistant.policy.plain import pairs, plain
from zhicheng.apps.assistant.policy.scope import belonging
from zhicheng.apps.assistant.values import Answer, Button, Quote, Terms
from zhicheng.core.knowledge.values import Hit
from zhicheng.engines.text.passages import sentences

_MOST_QUOTED, _MOST_OF_PASSAGE = 6, 3
_MOST_OFFERED = 3
_MOST_ANSWERED = 2
NOT_SURE = "我不太确定您问的是哪一件，请选一个，或者换个说法："
DECLINED = "这个问题我没有找到可靠的依据，不乱说。"
OUTSIDE = "这像是“{label}”方面的问题，不归政务服务，我答不了。要办事、查政策、反映问题，请直接告诉我。"
NEAREST_TWO = "这两条最贴近您问的："
DECLINED_TWICE = "还是没有找到可靠的依据。要不要请工作人员来答？"
PERSON = Button("找工作人员", say="转人工")


def choose(hits: Sequence[Hit], terms: Terms, *, outside: float | None, is_vague: bool) -> tuple[str, Sequence[Hit]]:
    """What to do with what was found: answer (with the best, or the best two), clarify (the nearest ones) or decline.

    `outside`: how alike the question is to one that does not belong here, as `belonging` takes it; `is_vague`: it names
    a subject and does not say what is asked.
    """
    if not hits or belonging(hits[0].on_topic, outside) < terms.belongs_from:
        return "decline", ()
    if hits[0].confidence >= terms.alone_from:
        return "answer", hits[:1]
    near = _different(hits)
    if is_vague:
        return "clarify", near
    if sum(hit.confidence for hit in near[:_MOST_ANSWERED]) >= terms.answer_from:
        return "answer", near[:_MOST_ANSWERED]
    return "clarify", near


def quote(hit: Hit, question: str, terms: Terms) -> tuple[tuple[Quote, ...], int]:
    """The sentences of a hit that answer, and how many were left out because they speak to the machine.

    A question's own answer is quoted whole; of a longer passage the sentences nearest to the question, in their order.
    """
    said, dropped = without_instructions(sentences(hit.text), terms.guards)
    kept = said[:_MOST_QUOTED] if hit.kind == "faq" else _nearest(said, question)
    heading = " › ".join(hit.heading)
    return tuple(Quote(each, hit.source, hit.link, hit.document, heading) for each in kept), dropped


def clarify(hits: Sequence[Hit]) -> Answer:
    """One question back, with the nearest titles to choose from."""
    options = tuple(Button(hit.title, say=hit.title) for hit in hits)
    return Answer("clarify", (NOT_SURE,), options=(*options, PERSON), confidence=hits[0].confidence)


def decline(*, again: bool) -> Answer:
    """An honest "I don't know" and a person."""
    return Answer("declined", (DECLINED_TWICE if again else DECLINED,), options=(PERSON,))


def checked(answer: Answer, hits: Sequence[Hit]) -> tuple[Answer, int]:
    """The answer without quotes that do not stand in what they quote, and how many went."""
    quoted = {each.document for each in answer.quotes}
    texts = {hit.document: plain(hit.text) for hit in hits if hit.document in quoted}
    kept = tuple(q for q in answer.quotes if q.document not in texts or plain(q.text) in texts[q.document])
    gone = len(answer.quotes) - len(kept)
    return (replace(answer, quotes=kept) if gone else answer), gone


def _different(hits: Sequence[Hit]) -> list[Hit]:
    """The best of each title."""
    seen: dict[str, Hit] = {}
    for hit in hits:
        seen.setdefault(plain(hit.title), hit)
    return list(seen.values())[:_MOST_OFFERED]


def _nearest(said: Sequence[str], question: str) -> list[str]:
    wanted = pairs(question)
    scored = sorted(range(len(said)), key=lambda at: -len(wanted & pairs(said[at])))[:_MOST_OF_PASSAGE]
    return [said[at] for at in sorted(scored)]

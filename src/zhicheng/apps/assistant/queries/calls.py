"""What helps a call-taker while the caller speaks: answers, items, alike appeals. Looked up, never stored."""

from datetime import datetime

from zhicheng.apps.appeals.public import find_alike, understand
from zhicheng.apps.appeals.values import AlikeAppeal, AppealDraft, Candidate
from zhicheng.apps.assistant.errors import NotAtCallDesk, NotReady
from zhicheng.apps.assistant.policy.composing import quote
from zhicheng.apps.assistant.queries.searching import find
from zhicheng.apps.assistant.queries.terms import get_terms
from zhicheng.apps.assistant.values import Ask, CallSuggestions, Suggestion
from zhicheng.core.forms.values import Owner
from zhicheng.core.knowledge.public import mask_personal
from zhicheng.core.parties.values import Actor
from zhicheng.kit.errors import ZhichengError
from zhicheng.kit.texts import clean_text

TAKES_CALLS = "appeals.take_call"
_SHORTEST, _ENOUGH_FOR_ITEMS = 2, 5
_LATEST = 120  # characters: who has spoken long means what was said last
_ANSWERS, _ITEMS, _ALIKE = 3, 3, 3


def suggest_for_call(draft: AppealDraft, *, actor: Actor, now: datetime) -> CallSuggestions:
    """What the city knows for what a caller says, the nearest first; for call-takers alone.

    Telephone and identity numbers are masked before anything is searched.

    Raises:
        NotAtCallDesk: the actor takes no calls.
    """
    if TAKES_CALLS not in actor.permissions:
        raise NotAtCallDesk()
    text = clean_text(draft.text)
    if len(text) < _SHORTEST:
        return CallSuggestions("short")
    items, alike = _cases(draft) if len(text) >= _ENOUGH_FOR_ITEMS else ((), ())
    try:
        answers = _answers(mask_personal(text)[-_LATEST:], actor, now)
    except NotReady:
        return CallSuggestions("missing", items=items, alike=alike)
    return CallSuggestions("ready" if answers or items or alike else "empty", answers, items, alike)


def _answers(text: str, actor: Actor, now: datetime) -> tuple[Suggestion, ...]:
    """Answers and guides that may be meant; what is too unlikely to be offered to a resident is not shown here."""
    terms = get_terms()
    ask = Ask(text, actor, Owner(), now)
    found = []
    for hit in find(text, ask, kinds=("faq", "guide")):
        quotes, _ = quote(hit, text, terms)
        said = "".join(each.text for each in quotes)
        if said and hit.on_topic >= terms.belongs_from:
            found.append(Suggestion(hit.title, said, hit.source, hit.link, hit.confidence))
    return tuple(found[:_ANSWERS])


def _cases(draft: AppealDraft) -> tuple[tuple[Candidate, ...], tuple[AlikeAppeal, ...]]:
    """The likeliest items, and open appeals alike nearby; nothing for a place that cannot be."""
    try:
        return tuple(understand(draft).candidates[:_ITEMS]), tuple(find_alike(draft, _ALIKE))
    except ZhichengError:
        return (), ()

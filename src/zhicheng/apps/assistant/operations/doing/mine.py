"""One's own things: what one is entitled to, which licences end soon. Only for who is signed in, only after a yes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from zhicheng.apps.assistant.operations.asking import answer_question
from zhicheng.apps.assistant.operations.doing.tasks import (
    AGREE,
    SIGN_IN,
    says_no,
    says_yes,
    sign_in_button,
    with_task,
    without_task,
)
from zhicheng.apps.assistant.operations.running import Answered, Run
from zhicheng.apps.assistant.policy.intents import Meaning
from zhicheng.apps.assistant.values import Answer, Ask, Button, Card, Line
from zhicheng.apps.benefits.errors import IdentityNeeded
from zhicheng.apps.benefits.public import list_about_me, yuan
from zhicheng.apps.benefits.values import Told
from zhicheng.apps.licences.public import list_my_licences
from zhicheng.core.parties.public import consents_in_force, give_consent
from zhicheng.core.parties.values import ActorKind, NewConsent
from zhicheng.kit.clock import CHINA

_SOON = timedelta(days=180)
_SHOWN = 6
_ENTITLEMENTS, _EXPIRING = "entitlements", "expiring"
_PURPOSE = {
    _ENTITLEMENTS: "智能助手按本人在政府登记的信息，核对能享受哪些补贴",
    _EXPIRING: "智能助手查看本人的电子证照及其有效期",
}
_SOURCE = {_ENTITLEMENTS: "assistant_benefits", _EXPIRING: "assistant_licences"}
_ASKED = {
    _ENTITLEMENTS: "要看您能领什么，需要用您在政府登记的信息（如年龄、户籍）按规则核对，只给您自己看。同意吗？",
    _EXPIRING: "要看您的证照什么时候到期，需要查看您的电子证照，只给您自己看。同意吗？",
}


def show_entitlements(run: Run, meaning: Meaning) -> Answered:
    """What somebody may get."""
    return _with_consent(run, meaning, _ENTITLEMENTS)


def show_expiring(run: Run, meaning: Meaning) -> Answered:
    """Which licences end soon."""
    return _with_consent(run, meaning, _EXPIRING)


def go_on_agreeing(run: Run, meaning: Meaning) -> Answered:
    """The answer to the question for consent; anything else is taken as what it says."""
    what, text = str(run.talk.memory["what"]), run.ask.text
    talk = without_task(run.talk)
    if says_yes(text):
        consent = NewConsent(_SOURCE[what], _PURPOSE[what])
        give_consent(consent, actor=run.ask.actor, now=run.ask.now)
        return _shown(run, what), talk
    if says_no(text):
        return Answer("doing", ("好的，不查看。想知道一般的条件，可以直接问我。",)), talk
    run.talk = talk
    return answer_question(run, meaning)


def _with_consent(run: Run, meaning: Meaning, what: str) -> Answered:
    ask = run.ask
    if ask.actor.kind is not ActorKind.RESIDENT or ask.actor.party_id is None:
        general, talk = answer_question(run, meaning)
        found = general.outcome == "answered"
        words = (SIGN_IN, *(("先说一般的规定：",) if found else ()))
        shown = replace(general, words=words) if found else Answer("doing", words)
        return replace(shown, options=(sign_in_button(ask.conversation), *shown.options)), talk
    source = _SOURCE[what]
    if source in consents_in_force(ask.actor.party_id, [source], scope=""):
        return _shown(run, what), run.talk
    options = (Button("同意", say="同意"), Button("不同意", say="不同意"))
    return Answer("doing", (_ASKED[what],), options=options), with_task(run.talk, AGREE, {"what": what})


def _shown(run: Run, what: str) -> Answer:
    return run.recorder.run(
        "retrieve",
        lambda: _SHOW[what](run.ask),
        instead=lambda: Answer("failed", ("暂时查不到，请稍后再试，或者打开“我的”查看。",)),
        judge=lambda made: (made.outcome, ()),
    )


def _entitlements(ask: Ask) -> Answer:
    try:
        told = list_about_me(ask.actor, now=ask.now)
    except IdentityNeeded as error:
        return Answer("doing", (str(error),), options=(Button("去实名", url="/account/identity/"),))
    fits = [each for each in told if each.outcome == "yes"][:_SHOWN]
    open_ones = [each for each in told if each.outcome == "unknown"][:3]
    all_mine = Button("逐项看理由", url="/my/benefits/")
    if not fits:
        words = "按现在登记的信息，没有查到您符合条件的补贴。"
        return Answer("doing", (words,), cards=tuple(map(_benefit, open_ones)), options=(all_mine,))
    words = f"按现在登记的信息，您符合 {len(fits)} 项补贴的条件。免申即享的不用申请，到时自动发。"
    return Answer("doing", (words,), cards=tuple(map(_benefit, fits)), options=(all_mine,), confidence=1.0)


def _benefit(told: Told) -> Card:
    lines = [Line("结论", "符合条件" if told.outcome == "yes" else "情况不明，待核实")]
    if told.amount_cents:
        lines.append(Line("金额", yuan(told.amount_cents)))
    lines += [Line("理由", line) for line in told.lines[:2]]
    return Card("benefit", told.benefit.label, tuple(lines))


def _expiring(ask: Ask) -> Answer:
    licences = list_my_licences(ask.actor, now=ask.now, limit=50).licences
    today = ask.now.astimezone(CHINA).date()
    ending = sorted(
        (one for one in licences if one.valid_until is not None and one.valid_until <= today + _SOON),
        key=lambda one: one.valid_until or today,
    )
    wallet = Button("我的证照", url="/my/licences/")
    if not licences:
        return Answer("doing", ("您名下还没有电子证照。",), options=(wallet,))
    if not ending:
        return Answer("doing", (f"您的 {len(licences)} 本证照，半年内没有到期的。",), options=(wallet,))
    cards = []
    for one in ending[:_SHOWN]:
        renew = (Button("办理续期", url=f"/my/licences/{one.number}/"),) if one.renew_item else ()
        until = one.valid_until
        gone = until is not None and until < today
        cards.append(Card("licence", one.label, (Line("有效期至", f"{until}{'（已过期）' if gone else ''}"),), renew))
    return Answer("doing", (f"半年内到期的有 {len(ending)} 本：",), cards=tuple(cards), options=(wallet,))


_SHOW: dict[str, Callable[[Ask], Answer]] = {_ENTITLEMENTS: _entitlements, _EXPIRING: _expiring}

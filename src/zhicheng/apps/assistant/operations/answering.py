"""From a message to an answer, stage by stage: guard, understand, retrieve or do, compose, guard. Stores nothing."""

from dataclasses import replace

from zhicheng.apps.assistant.operations.asking import answer_question
from zhicheng.apps.assistant.operations.doing.applying import apply_for
from zhicheng.apps.assistant.operations.doing.complaining import go_on_complaining, start_complaint
from zhicheng.apps.assistant.operations.doing.filling import go_on_filling, start_filling
from zhicheng.apps.assistant.operations.doing.mine import go_on_agreeing, show_entitlements, show_expiring
from zhicheng.apps.assistant.operations.doing.progressing import show_progress
from zhicheng.apps.assistant.operations.doing.reading import explain_policy
from zhicheng.apps.assistant.operations.doing.tasks import AGREE, APPEAL, FILL, PERSON_TASK
from zhicheng.apps.assistant.operations.handing_over import go_on_with_person, hand_over
from zhicheng.apps.assistant.operations.running import Answered, Handler, Run
from zhicheng.apps.assistant.policy import intents
from zhicheng.apps.assistant.policy.composing import checked, decline
from zhicheng.apps.assistant.policy.guarding import Finding, inspect
from zhicheng.apps.assistant.policy.intents import Meaning, understand
from zhicheng.apps.assistant.queries.terms import get_terms
from zhicheng.apps.assistant.values import LONGEST, LONGEST_TOLD, Answer, Ask, Button, Reply, Talk
from zhicheng.core.knowledge.public import spell_out
from zhicheng.core.packs.public import current_pack
from zhicheng.engines.text.spelling import may_be_pinyin


def reply_to(ask: Ask, talk: Talk) -> Reply:
    """Answer a message in its conversation. Whatever fails is said in a sentence and stands in the records."""
    run = _heard(Run(ask, talk, get_terms()))
    finding = run.recorder.run(
        "guard_in",
        lambda: inspect(run.ask.text, run.terms.guards, longest=_longest(run)),
        instead=lambda: None,
        judge=_judge_guard,
    )
    if finding is not None and finding.blocks:
        return _done(run, _guarded(finding), talk, "guarded")
    meaning = run.recorder.run(
        "understand",
        lambda: understand(run.ask.text, run.terms.small_talk),
        instead=lambda: Meaning(intents.ASK),
        judge=lambda found: (found.intent, ()),
    )
    answer, remembered = _handle(run, meaning)
    if finding is not None:
        answer = replace(answer, words=(finding.guard.answer, *answer.words))
    return _done(run, _guard_out(run, answer), remembered, talk.task or meaning.intent)


def _heard(run: Run) -> Run:
    """What was typed in pinyin in characters, but for a form, where letters may be just that."""
    said = run.ask.text
    if run.talk.task or not may_be_pinyin(said):
        return run
    spelled = run.recorder.run("spell", lambda: spell_out(said), instead=lambda: said)
    return replace(run, ask=replace(run.ask, text=spelled))


def _handle(run: Run, meaning: Meaning) -> Answered:
    """A task that is under way goes on, unless a person is wanted."""
    task = TASKS.get(run.talk.task)
    if task is not None and meaning.intent != intents.PERSON:
        return task(run, meaning)
    return HANDLERS.get(meaning.intent, answer_question)(run, meaning)


def _guard_out(run: Run, answer: Answer) -> Answer:
    """What is quoted must stand in its source; an answer of which nothing is left is none."""
    kept = run.recorder.run(
        "guard_out",
        lambda: checked(answer, run.hits),
        instead=lambda: (decline(again=False), 0),
        judge=lambda found: ("dropped" if found[1] else "ok", ()),
    )[0]
    emptied = answer.quotes and not kept.quotes
    return decline(again=False) if emptied else kept


def _done(run: Run, answer: Answer, talk: Talk, intent: str) -> Reply:
    return Reply(answer, talk, tuple(run.recorder.records), intent)


def _longest(run: Run) -> int:
    """Who tells something may say more than who asks."""
    return LONGEST_TOLD if run.talk.task else LONGEST


def thank(run: Run, _meaning: Meaning) -> Answered:
    """Thanks."""
    return Answer("answered", ("不客气。还有什么想办、想问的，随时说。",), confidence=1.0), run.talk


def small_talk(run: Run, meaning: Meaning) -> Answered:
    """An everyday remark."""
    words = meaning.talk.answer.format(name=run.terms.name, city=current_pack().name) if meaning.talk else ""
    options = tuple(Button(each, say=each) for each in run.terms.frequent[:3])
    return Answer("answered", (words,), options=options, confidence=1.0), run.talk


def _guarded(finding: Finding) -> Answer:
    return Answer("refused", (finding.guard.answer,), options=finding.guard.buttons)


def _judge_guard(finding: Finding | None) -> tuple[str, tuple[str, ...]]:
    return ("ok", ()) if finding is None else ("blocked" if finding.blocks else "noted", (finding.guard.code,))


HANDLERS: dict[str, Handler] = {
    intents.ASK: answer_question,
    intents.APPLY: apply_for,
    intents.FILL: start_filling,
    intents.PROGRESS: show_progress,
    intents.COMPLAIN: start_complaint,
    intents.ENTITLEMENTS: show_entitlements,
    intents.EXPIRING: show_expiring,
    intents.EXPLAIN: explain_policy,
    intents.PERSON: hand_over,
    intents.THANKS: thank,
    intents.TALK: small_talk,
}
TASKS: dict[str, Handler] = {
    FILL: go_on_filling,
    APPEAL: go_on_complaining,
    AGREE: go_on_agreeing,
    PERSON_TASK: go_on_with_person,
}

"""小龙说政事: a policy in plain words, each statement with the clause that it rests on."""

from collections.abc import Iterator
from dataclasses import replace

from zhicheng.apps.assistant.operations.asking import answer_question
from zhicheng.apps.assistant.operations.running import Answered, Run
from zhicheng.apps.assistant.policy.intents import Meaning, without_reading_words
from zhicheng.apps.assistant.policy.plain import pairs
from zhicheng.apps.assistant.values import Answer, Button, Quote, Subject
from zhicheng.apps.policies.public import get_library, get_reading, list_policies
from zhicheng.apps.policies.values import NOT_BINDING, Policy, PolicyFilter, PolicyVersion, Reading
from zhicheng.kit.clock import CHINA

_OTHERS = 2
_NAMED = 0.5  # of what was said must stand in the name, keywords or summary of a policy
_OLD = "注意：这一版现在不施行，只供了解。"


def explain_policy(run: Run, meaning: Meaning) -> Answered:
    """A policy in plain words; what names no policy, or one that nobody has explained, is answered as a question."""
    found = run.recorder.run(
        "retrieve",
        lambda: _named(run),
        instead=list[Policy],
        judge=lambda policies: ("ok" if policies else "empty", tuple(each.code for each in policies)),
    )
    if not found:
        return answer_question(run, meaning)
    policy = found[0]
    version = policy.current(run.ask.now.astimezone(CHINA).date())
    reading = get_reading(policy.code, version.code)
    if reading is None:
        return answer_question(run, meaning)
    answer = _answer(run, policy, version, reading)
    others = tuple(Button(each.label, say=f"用大白话讲讲{each.label}") for each in found[1:])
    answer = replace(answer, options=(*answer.options, *others))
    run.recorder.run("compose", lambda: answer, instead=lambda: answer)
    subject = Subject("document", f"policy:{policy.code}@{version.code}", policy.label)
    return answer, replace(run.talk, subject=subject, misses=0, missed="", offered=())


def _answer(run: Run, policy: Policy, version: PolicyVersion, reading: Reading) -> Answer:
    old = () if version.covers(run.ask.now.astimezone(CHINA).date()) else (_OLD,)
    words = (f"用大白话讲讲《{policy.label}》。{NOT_BINDING}", *old)
    buttons = [Button("看原文", url=f"/policies/{policy.code}/?version={version.code}")]
    if policy.rule and not old:
        buttons.append(Button("看我符不符合", url=f"/policies/match/{policy.audience[0]}/"))
    if policy.item and not old:
        buttons.append(Button("去申请", url=f"/services/items/{policy.item}/apply/"))
    quotes = tuple(_quotes(policy, version, reading))
    return Answer("answered", words, quotes, options=tuple(buttons), confidence=1.0)


def _quotes(policy: Policy, version: PolicyVersion, reading: Reading) -> Iterator[Quote]:
    """Each question with its statement, said to be a reading of its clauses and not their text."""
    for statement in reading.statements:
        clauses = "、".join(clause.label for clause in statement.clauses)
        yield Quote(
            f"{statement.question}{statement.text}",
            f"大白话解读，依据{clauses}",
            reading.link_to(statement.clauses[0]),
            f"reading:{policy.code}@{version.code}",
            statement.topic,
        )


def _named(run: Run) -> list[Policy]:
    """The policies that a message names, the best first; those of the subject where it names none."""
    words = without_reading_words(run.ask.text)
    on = run.ask.now.astimezone(CHINA).date()
    said = pairs(words)
    if len(words) >= 2:
        page = list_policies(PolicyFilter(text=words, limit=1 + _OTHERS), on=on)
        return [each for each in page.policies if _share(said, each) >= _NAMED]
    subject = run.talk.subject
    code = subject.code.removeprefix("policy:").partition("@")[0] if subject else ""
    policies = get_library().policies
    return [policies[code]] if code in policies else []


def _share(said: frozenset[str], policy: Policy) -> float:
    known = pairs(" ".join((policy.label, *policy.keywords, *policy.topics, policy.summary)))
    return len(said & known) / len(said) if said else 0.0

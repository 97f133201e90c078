"""Somebody wants to have something done: which service that is, and the ways to begin."""

from collections.abc import Sequence
from dataclasses import replace

from zhicheng.apps.assistant.operations.asking import answer_question
from zhicheng.apps.assistant.operations.running import Answered, Run
from zhicheng.apps.assistant.policy.composing import PERSON
from zhicheng.apps.assistant.policy.intents import Meaning
from zhicheng.apps.assistant.queries.cards import find_services, service_card
from zhicheng.apps.assistant.values import Answer, Button, Subject


def apply_for(run: Run, meaning: Meaning) -> Answered:
    """Somebody wants to have something done: the service with its guide, and the ways to begin."""
    found = run.recorder.run(
        "retrieve",
        lambda: find_services(run.ask.text),
        instead=list[Subject],
        judge=judge_services,
    )
    if not found:
        return answer_question(run, meaning)
    card = service_card(found[0])
    others = tuple(Button(each.title, say=f"我想办{each.title}") for each in found[1:])
    words = (f"您要办的应该是「{found[0].title}」。", *(("不是这一件的话，请选：",) if others else ()))
    answer = Answer("doing", words, cards=(card,) if card else (), options=(*others, PERSON))
    run.recorder.run("compose", lambda: answer, instead=lambda: answer)
    return answer, replace(run.talk, subject=found[0], misses=0, missed="")


def judge_services(services: Sequence[Subject]) -> tuple[str, tuple[str, ...]]:
    """The record of finding services."""
    return ("ok" if services else "empty", tuple(each.code for each in services))

"""Keeping questions: a person's own history, and questions that tell when their answer changes."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from zhicheng.apps.twin.errors.commands import CommandUnusable, QuestionUnknown
from zhicheng.apps.twin.models import AskedQuestion, WatchedQuestion
from zhicheng.apps.twin.queries.commands_asking import run_command, run_understood, understand, understand_plain
from zhicheng.apps.twin.values.commands import Answer, Understood
from zhicheng.core.notices.public import notify
from zhicheng.core.notices.values import NoticeRequest
from zhicheng.core.parties.public import actor_for
from zhicheng.core.parties.values import Actor
from zhicheng.engines.commands.plain import to_plain
from zhicheng.kit.errors import ZhichengError
from zhicheng.kit.ids import uuid7

MOST_ASKED = 50
MOST_WATCHED = 30
CHECKED_EACH = timedelta(minutes=5)
TEMPLATE = "twin.answer_changed"


def keep_asked(understood: Understood, *, actor: Actor, now: datetime) -> None:
    """Remember a question for who asked it; the same text moves up."""
    if actor.account_id is None or understood.command is None:
        return
    fields = {"sentence": understood.sentence[:600], "asked_at": now}
    first = {**fields, "id": uuid7(now)}
    AskedQuestion.objects.update_or_create(
        account_id=actor.account_id, text=understood.text[:200], defaults=fields, create_defaults=first
    )
    old = AskedQuestion.objects.filter(account_id=actor.account_id)[MOST_ASKED:].values_list("id", flat=True)
    AskedQuestion.objects.filter(id__in=list(old)).delete()


def forget_asked(*, actor: Actor) -> int:
    """Empty somebody's history."""
    if actor.account_id is None:
        return 0
    count, _ = AskedQuestion.objects.filter(account_id=actor.account_id).delete()
    return count


def watch_question(understood: Understood, *, actor: Actor, now: datetime) -> UUID:
    """Save a question that tells when its answer changes.

    Raises:
        CommandUnusable: it has no answer, or there are too many already.
        CommandRefused: the asker may not see the table.
        QueryTooSlow: asking took too long.
    """
    if actor.account_id is None or understood.command is None:
        raise CommandUnusable(why="请先登录，再订阅。")
    if WatchedQuestion.objects.filter(account_id=actor.account_id, ended_at=None).count() >= MOST_WATCHED:
        raise CommandUnusable(why=f"最多订阅{MOST_WATCHED}个问题，请先取消不再需要的。")
    answer = run_command(understood, actor=actor, now=now)
    fresh = understand(understood.text, now=now)
    plain = None if fresh.command == understood.command else to_plain(understood.command)
    row = WatchedQuestion.objects.create(
        id=uuid7(now),
        account_id=actor.account_id,
        text=understood.text[:200],
        plain=plain,
        sentence=understood.sentence[:600],
        digest=digest_of(answer),
        summary=summary_of(answer),
        created_at=now,
        checked_at=now,
    )
    return row.id


def end_watch(number: UUID, *, actor: Actor, now: datetime) -> None:
    """Tell no more.

    Raises:
        QuestionUnknown: there is none, or it is somebody else's.
    """
    if actor.account_id is None:
        raise QuestionUnknown()
    changed = WatchedQuestion.objects.filter(id=number, account_id=actor.account_id, ended_at=None).update(ended_at=now)
    if not changed:
        raise QuestionUnknown()


def check_watched(*, now: datetime, limit: int = 10) -> int:
    """Ask watched questions again whose turn it is; tell those whose answer has changed. How many were asked."""
    due = WatchedQuestion.objects.filter(ended_at=None, checked_at__lte=now - CHECKED_EACH)
    rows = list(due.order_by("checked_at")[:limit])
    return sum(_check(row, now) for row in rows if _take(row, now))


def _take(row: WatchedQuestion, now: datetime) -> bool:
    """Note first that it was asked: one that fails does not keep the others waiting, two workers do not ask twice."""
    held = WatchedQuestion.objects.filter(id=row.id, ended_at=None, checked_at=row.checked_at)
    return held.update(checked_at=now) == 1


def _check(row: WatchedQuestion, now: datetime) -> int:
    try:
        actor = actor_for(row.account_id, now=now)
        understood = understand_plain(row.text, row.plain) if row.plain else understand(row.text, now=now)
        answer = run_understood(understood, actor=actor, now=now)
    except ZhichengError as error:
        return _keep(row, summary=str(error)[:120])
    if answer.refusal is not None:
        return _keep(row, summary=answer.refusal.message[:120])
    digest, before, summary = digest_of(answer), row.summary, summary_of(answer)
    if digest != row.digest:
        params = {"question": row.text[:60], "before": before, "after": summary}
        cause = f"watched:{row.id}:{digest[:16]}:{now:%Y%m%d%H%M}"
        link = f"/workbench/twin/ask/?watch={row.id}"
        notify(NoticeRequest(f"account:{row.account_id}", TEMPLATE, cause, params, link), now=now)
        return _keep(row, digest=digest, summary=summary, changed_at=now)
    return _keep(row, summary=summary)


def _keep(row: WatchedQuestion, **changes: Any) -> int:
    return WatchedQuestion.objects.filter(id=row.id).update(**changes)


def digest_of(answer: Answer) -> str:
    """What an answer says, apart from the hour: keys of rows, values of groups, how many."""
    said: list[object] = [
        answer.total,
        answer.value,
        answer.keys,
        answer.rows if not answer.keys or answer.value is None else (),
    ]
    if answer.keys and answer.command is not None and not answer.command.by:
        said = [answer.total, sorted(answer.keys)]
    return hashlib.sha256(json.dumps(said, default=str, ensure_ascii=False).encode()).hexdigest()


def summary_of(answer: Answer) -> str:
    """An answer in a few words."""
    if answer.value is not None:
        return f"{answer.columns[0].label} {answer.value}{answer.columns[0].unit}"
    if answer.command is not None and answer.command.by and answer.rows:
        first = answer.rows[0]
        return f"共{answer.total}组，首位{first[0]} {first[-1]}"[:120]
    return f"共{answer.total or 0}条"

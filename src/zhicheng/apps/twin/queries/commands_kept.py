"""Questions of one person: asked before, and watched."""

from uuid import UUID

from zhicheng.apps.twin.models import AskedQuestion, WatchedQuestion
from zhicheng.apps.twin.values.commands import Asked, SavedQuestion
from zhicheng.core.parties.values import Actor


def list_asked(actor: Actor, *, limit: int = 20) -> list[Asked]:
    """What somebody asked, the latest first."""
    rows = AskedQuestion.objects.filter(account_id=actor.account_id)[:limit] if actor.account_id else []
    return [Asked(row.text, row.sentence, row.asked_at) for row in rows]


def list_watched(actor: Actor) -> list[SavedQuestion]:
    """What somebody watches now."""
    if actor.account_id is None:
        return []
    return [_saved(row) for row in WatchedQuestion.objects.filter(account_id=actor.account_id, ended_at=None)]


def get_watched(number: UUID, actor: Actor) -> SavedQuestion | None:
    """One of somebody's own."""
    if actor.account_id is None:
        return None
    row = WatchedQuestion.objects.filter(id=number, account_id=actor.account_id).first()
    return _saved(row) if row else None


def _saved(row: WatchedQuestion) -> SavedQuestion:
    times = (row.created_at, row.checked_at, row.changed_at, row.ended_at)
    return SavedQuestion(row.id, row.text, row.plain, row.sentence, row.summary, *times)

"""Answers of the assistant as rows of the lake: what became of a question and how well, not what was said."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from zhicheng.apps.assistant.models import TurnRecord

ANSWERS = "answer"
_COLUMNS = ("id", "conversation_id", "intent", "outcome", "confidence", "documents", "ms", "said_by", "rating")


def read_answers(keys: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The rows of table `answer`."""
    found = TurnRecord.objects.filter(pk__in=list(keys))
    for row in found.values(*_COLUMNS, "at", "rated_at", "conversation__channel"):
        yield {
            **{name: row[name] for name in ("intent", "outcome", "confidence", "ms", "at", "rated_at")},
            "answer_id": str(row["id"]),
            "conversation_id": str(row["conversation_id"]),
            "channel": row["conversation__channel"],
            "documents": len(row["documents"]),
            "by_person": bool(row["said_by"]),
            "rating": row["rating"] or None,
        }


def walk_answers(after: str, count: int) -> list[str]:
    """Identifiers of turns after one, in order."""
    found = TurnRecord.objects.filter(pk__gt=UUID(after) if after else UUID(int=0)).order_by("pk")
    return [str(key) for key in found.values_list("pk", flat=True)[:count]]

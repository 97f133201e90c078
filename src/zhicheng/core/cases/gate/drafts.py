"""Uploads that wait for the act or the appeal that names them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

DRAFT_LIFE = timedelta(hours=24)
# What is swept at 24 hours cannot be attached in the hour before: no act in hand meets the sweeper.
_USABLE = DRAFT_LIFE - timedelta(hours=1)
UPLOAD_GONE = (
    "有照片或文件已经失效，或不是您上传的（上传后请在 23 小时内提交）。请重新选择后再提交，您填写的内容没有丢失"
)


def usable_drafts(ids: Sequence[str], owner: str, now: datetime) -> tuple[str, tuple[Any, ...]]:
    """A statement that locks and returns those of some uploads that their owner may still attach."""
    text = (
        "SELECT id FROM cases_attachment WHERE id = ANY(%s::uuid[]) AND case_id IS NULL AND owner = %s "
        "AND created_at > %s ORDER BY id FOR UPDATE"
    )
    return text, ([file for file in ids if _is_id(file)], owner, now - _USABLE)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

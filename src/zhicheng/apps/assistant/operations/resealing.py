"""Following a rotation of the personal-data key: conversations and turns under the current key."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from zhicheng.apps.assistant.models import ConversationRecord, TurnRecord
from zhicheng.apps.assistant.queries.conversations import CONTENT
from zhicheng.core.parties.public import keyring

_MODELS = (ConversationRecord, TurnRecord)


def reseal_conversations(current: int, batch: int) -> int:
    """Seal up to `batch` rows of each kind anew; how many are still under another key.

    Raises:
        PersonalDataUnreadable: an old key is missing.
    """
    other = Q(key_id__lt=current) | Q(key_id__gt=current)
    with transaction.atomic():
        for model in _MODELS:
            rows = model._default_manager.select_for_update(skip_locked=True).filter(other)
            for row in rows.order_by("id")[:batch]:
                model._default_manager.filter(pk=row.pk).update(content_sealed=_again(row), key_id=current)
    return sum(model._default_manager.filter(other).count() for model in _MODELS)


def _again(row: Any) -> bytes:
    plain = keyring().open_bytes(bytes(row.content_sealed), row=row.id, field=CONTENT)
    return keyring().seal_bytes(plain, row=row.id, field=CONTENT)

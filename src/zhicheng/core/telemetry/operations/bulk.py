"""Bulk: a body of many readings, from bytes to a receipt, without Django's models on the way."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from zhicheng.core.telemetry.base.bulk import read_bulk
from zhicheng.core.telemetry.base.screening import TIMES
from zhicheng.core.telemetry.errors import TooOften
from zhicheng.core.telemetry.gate.answers import KeptAnswers
from zhicheng.core.telemetry.operations.ingesting import accept_readings
from zhicheng.core.telemetry.queries.stores import open_directory, telemetry_root
from zhicheng.core.telemetry.values import REFUSAL_LABELS, Receipt, Refusal


def accept_bulk(body: bytes, media_type: str, *, caller: str, key: str, now: datetime) -> bytes:
    """Take a body in; the answer as JSON. With a key, the same body again gets the same answer.

    Raises:
        BulkUnreadable: the body has another form.
        KeyReused: the key came with another body before.
        TooOften: nothing was kept, because all of it came too often.
        StorageFull: nothing was kept.
    """
    answers = _answers(telemetry_root()) if key else None
    if answers is not None and (before := answers.find(caller, key, body)) is not None:
        return before
    receipt = _accept(body, media_type, caller, now)
    if receipt.refused_count and not receipt.accepted + receipt.duplicate and _is_flood(receipt):
        raise TooOften(times=int(TIMES))
    answer = msgspec.json.encode(_said(receipt))
    if answers is not None:
        answers.keep(caller, key, body, answer, at_s=int(now.timestamp()))
    return answer


def _accept(body: bytes, media_type: str, caller: str, now: datetime) -> Receipt:
    bulk = read_bulk(body, media_type)
    batch = bulk.batch
    if bulk.keys is not None:
        named = open_directory().find_keys(bulk.keys)
        batch = replace(batch, stream=np.where(batch.stream > 0, batch.stream, named))
    return accept_readings(batch, source=caller, now=now)


def _is_flood(receipt: Receipt) -> bool:
    return all(refused.reason is Refusal.TOO_OFTEN for refused in receipt.refused)


def _said(receipt: Receipt) -> dict[str, Any]:
    refused = [
        {"row": one.row, "code": one.reason.value, "reason": REFUSAL_LABELS[one.reason]} for one in receipt.refused
    ]
    return {
        "accepted": receipt.accepted,
        "duplicate": receipt.duplicate,
        "refused_count": receipt.refused_count,
        "refused": refused,
    }


@lru_cache(maxsize=2)
def _answers(root: Path) -> KeptAnswers:
    return KeptAnswers(root)

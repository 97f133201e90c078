"""Three sources for trying and testing: one that works, one that fails as declared, one that hangs."""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from zhicheng.core.forms.base import PrefillSource
from zhicheng.core.forms.errors import SourceFailed

_KNOWN: Mapping[str, str] = {"name": "王小明", "birth_date": "1990-03-07"}
_LABELS: Mapping[str, str] = {"name": "姓名", "birth_date": "出生日期"}
_PURPOSE = "演示用，内容是编造的。"


def fetch_known(party: UUID, fields: Sequence[str], now: datetime, timeout_s: float) -> Mapping[str, str]:
    """Always the same person."""
    del party, now, timeout_s
    return {name: _KNOWN[name] for name in fields if name in _KNOWN}


def fetch_refused(party: UUID, fields: Sequence[str], now: datetime, timeout_s: float) -> Mapping[str, str]:
    """Never an answer.

    Raises:
        SourceFailed: always.
    """
    del party, fields, now, timeout_s
    raise SourceFailed(reason="演示来源正在维护，请自己填写。")


def fetch_never(party: UUID, fields: Sequence[str], now: datetime, timeout_s: float) -> Mapping[str, str]:
    """Silence for much longer than anybody waits."""
    del party, fields, now
    threading.Event().wait(timeout_s * 10)
    return {}


WORKING = PrefillSource("demo_working", "演示来源", _LABELS, _PURPOSE, fetch_known)
FAILING = PrefillSource("demo_failing", "会出错的演示来源", _LABELS, _PURPOSE, fetch_refused)
HANGING = PrefillSource("demo_hanging", "不答复的演示来源", _LABELS, _PURPOSE, fetch_never)

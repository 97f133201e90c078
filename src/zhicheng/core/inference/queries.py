"""Which models the city has, and what they were used for."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Sum

from zhicheng.core.inference.gate.bundled import BundledEmbedder
from zhicheng.core.inference.gate.remote import RemoteEmbedder
from zhicheng.core.inference.models import ModelCall
from zhicheng.core.inference.values import Embedder, Endpoint, MeterLine


def chat_endpoint() -> Endpoint | None:
    """The configured chat model (`ZHICHENG_CHAT_URL`, `_MODEL`, `_KEY`, `_TIMEOUT_S`); None without one."""
    if not settings.CHAT_URL:
        return None
    return Endpoint(settings.CHAT_URL, settings.CHAT_MODEL, settings.CHAT_KEY, float(settings.CHAT_TIMEOUT_S))


def has_chat() -> bool:
    """Whether a chat model may be asked."""
    return bool(settings.CHAT_URL)


def get_embedder() -> Embedder:
    """The embedder of this city: the bundled one, or the one at `ZHICHENG_EMBED_URL`. One object a process."""
    return _embedder(settings.EMBED_URL, settings.EMBED_MODEL, settings.EMBED_KEY)


def read_meter(*, since: datetime) -> list[MeterLine]:
    """Calls since an instant by kind, model, purpose and outcome, the most frequent first."""
    rows = (
        ModelCall.objects.filter(at__gte=since)
        .values("kind", "model", "purpose", "outcome")
        .annotate(calls=Count("id"), prompt=Sum("prompt_tokens"), completion=Sum("completion_tokens"))
        .order_by("-calls", "kind", "model", "purpose", "outcome")
    )
    return [
        MeterLine(
            row["kind"], row["model"], row["purpose"], row["outcome"], row["calls"], row["prompt"], row["completion"]
        )
        for row in rows
    ]


@lru_cache(maxsize=2)
def _embedder(url: str, model: str, key: str) -> Embedder:
    return RemoteEmbedder(Endpoint(url, model, key)) if url else BundledEmbedder(Path(settings.HOME) / "embedder")

"""Server-sent events."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse

STREAM = "text/event-stream"


def event(data: Any, name: str = "") -> str:
    """One event; data that is no text goes as JSON."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {text}\n\n"


def streamed(events: Iterator[str]) -> StreamingHttpResponse:
    """A response that sends each event as it comes."""
    answer = StreamingHttpResponse(events, content_type=STREAM)
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer

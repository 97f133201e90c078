"""`/live/devices`: where every device stands and how it is, and what changed since; by the rule of the layer `device`.

One picture is made for all who look. It is made here, not in web: web has several processes, and a number of one
picture would mean nothing to another.
"""

import asyncio
import re

from django.db import close_old_connections
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zhicheng.apps.twin.values.services import Caller
from zhicheng.config.door.ogc.serving import OgcServices, about_all
from zhicheng.config.door.refusals import PictureReplaced
from zhicheng.core.telemetry.public import LiveSnapshot, live_devices
from zhicheng.kit.clock import now

_LAYER = "device"
_TYPE = "application/octet-stream"
_SINCE = re.compile(r"([0-9a-f]{1,8})-([0-9]{1,15})")
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Encoding, Cookie",
    "X-Content-Type-Options": "nosniff",
}


async def snapshot(request: Request, services: OgcServices, caller: Caller) -> Response:
    """All devices; nothing where the reader has this picture already."""
    await services.door.layer(_LAYER, caller)
    found = await asyncio.to_thread(_snapshot)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    tag = f'"{found.tag}{"-gzip" if packed else ""}"'
    headers = {**_HEADERS, "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if packed:
        return Response(found.packed, media_type=_TYPE, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.body, media_type=_TYPE, headers=headers)


async def changes(request: Request, services: OgcServices, caller: Caller) -> Response:
    """What changed after `since`: `<epoch>-<sequence>` of what the reader has.

    Raises:
        PictureReplaced: it has to begin anew.
    """
    await services.door.layer(_LAYER, caller)
    since = _SINCE.fullmatch(request.query_params.get("since", ""))
    found = await asyncio.to_thread(_changes, int(since[1], 16), int(since[2])) if since else None
    if found is None:
        raise PictureReplaced()
    return Response(found, media_type=_TYPE, headers=_HEADERS)


def _snapshot() -> LiveSnapshot:
    close_old_connections()
    return live_devices().snapshot(now())


def _changes(epoch: int, since: int) -> bytes | None:
    close_old_connections()
    return live_devices().changes(epoch, since, now())


LIVE_ROUTES = [
    Route("/live/devices", about_all(snapshot)),
    Route("/live/devices/changes", about_all(changes)),
]

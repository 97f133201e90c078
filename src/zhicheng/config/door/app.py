"""The door's ASGI application: a few routes of its own, then the proxy."""

import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from django.conf import settings
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from zhicheng.config import environment
from zhicheng.config.door.events import EventHub, stream
from zhicheng.config.door.ingest import Ingest
from zhicheng.config.door.live import LIVE_ROUTES
from zhicheng.config.door.ogc.routes import OGC_ROUTES, ogc_services
from zhicheng.config.door.proxy import Proxy
from zhicheng.config.logs import configure_logs

STATIC = Path(__file__).resolve().parents[2] / "web" / "static"
_YEAR = "public, max-age=31536000, immutable"


class VersionedStatic(StaticFiles):
    """Static files: vendored ones carry their version in the path and are kept for a year, ours are asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One file with its caching rule."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = _YEAR if path.startswith("vendor/") else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def build() -> Starlette:
    """The application, with its own connections opened and closed by its lifespan."""
    configure_logs()
    mimetypes.add_type("text/javascript", ".mjs")
    hub = EventHub()
    sockets = environment.text("ZHICHENG_WEB_SOCKETS", str(environment.home() / "run" / "web.sock"))
    proxy = Proxy(sockets.split(":"), settings.TRUSTED_PROXIES)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.hub = hub
        app.state.secure = settings.SECURE
        async with proxy, hub, ogc_services() as app.state.ogc:
            yield

    routes = [
        Route("/events/{channel}", stream),
        *LIVE_ROUTES,
        *OGC_ROUTES,
        Route("/ingest/observations", Ingest().receive, methods=["POST"]),
        Mount("/static", VersionedStatic(directory=STATIC)),
        Mount("/", proxy),
    ]
    return Starlette(routes=routes, lifespan=lifespan)

"""What every call of a service has around it: who asks, the quota, errors in their form, the meter."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from zhicheng.apps.twin.errors.services import QuotaSpent
from zhicheng.apps.twin.values.services import Caller, CallerKind, Service
from zhicheng.config.door.ogc.access import Doorkeeper
from zhicheng.config.door.ogc.meter import CallMeter
from zhicheng.core.places.public import LayerReader
from zhicheng.core.places.values import Layer
from zhicheng.kit.errors import ZhichengError
from zhicheng.web.edge.errors import PROBLEM_TYPE, RETRY_AFTER_S, DatabaseAway, Said
from zhicheng.web.edge.headers import CSP, request_id_of

_log = structlog.get_logger("zhicheng.ogc")
_WORTH_PACKING, _PACKED_APART = 1_400, 65_536
_NOT_SNIFFED = {"x-content-type-options": "nosniff"}


@dataclass
class OgcServices:
    """What the handlers share in a process."""

    door: Doorkeeper
    meter: CallMeter


@dataclass(frozen=True)
class Call:
    """A call that was let in."""

    request: Request
    services: OgcServices
    caller: Caller
    layer: Layer
    base: str

    async def reader(self) -> LayerReader:
        """The data of the layer.

        Raises:
            ServiceEmpty: there is none.
        """
        return await self.services.door.reader(self.layer)

    @property
    def cache_control(self) -> str:
        """What is for everybody may be kept by everybody, for a minute."""
        return "public, max-age=60" if self.layer.access == "public" else "private, max-age=60"


Handler = Callable[[Call], Awaitable[Response]]
OpenHandler = Callable[[Request, OgcServices, Caller], Awaitable[Response]]


def of_layer(service: Service, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint of a layer: counted, by the layer's rule and the caller's quota."""

    async def endpoint(request: Request) -> Response:
        services: OgcServices = request.app.state.ogc
        code = request.path_params["layer"]
        caller = Caller(CallerKind.ANONYMOUS)
        known = False
        try:
            caller = await services.door.caller_of(request)
            layer = await services.door.layer(code, caller)
            known = True
            await services.door.take(caller)
            response = await handler(Call(request, services, caller, layer, base_of(request)))
        except ZhichengError as error:
            known = known or error.kind.value in {401, 403}
            response = refusal(request, error)
        except (OperationalError, InterfaceError) as error:
            _log.warning("database away", error=str(error)[:200])
            response = refusal(request, DatabaseAway())
        if known:
            _count(services.meter, (code, service, caller), response)
        return response

    return endpoint


def about_all(handler: OpenHandler) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint about the service as a whole: limited like the others, not counted."""

    async def endpoint(request: Request) -> Response:
        services: OgcServices = request.app.state.ogc
        try:
            caller = await services.door.caller_of(request)
            await services.door.take(caller)
            return await handler(request, services, caller)
        except ZhichengError as error:
            return refusal(request, error)
        except (OperationalError, InterfaceError) as error:
            _log.warning("database away", error=str(error)[:200])
            return refusal(request, DatabaseAway())

    return endpoint


def base_of(request: Request) -> str:
    """The address of the service as the caller knows it."""
    host = request.headers.get("host") or "localhost"
    scheme = "https" if request.app.state.secure else request.scope["scheme"]
    return f"{scheme}://{host}/ogc"


def refusal(request: Request, error: ZhichengError) -> Response:
    """An error as problem details; for a person's browser as a page."""
    request_id = request_id_of(request.headers.get("x-request-id", ""))
    more = {"english": error.data["english"]} if "english" in error.data else {}
    said = Said(error.kind.value, str(error), request_id, {"code": error.code, **more})
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff", "x-request-id": request_id}
    headers["content-security-policy"] = CSP
    headers["access-control-allow-origin"] = "*"
    if said.status in RETRY_AFTER_S:
        headers["retry-after"] = (
            str(error.data["wait_s"]) if isinstance(error, QuotaSpent) else RETRY_AFTER_S[said.status]
        )
    if said.status == 401:
        headers["www-authenticate"] = 'Bearer realm="zhicheng"'
    if "text/html" in request.headers.get("accept", "") and request.query_params.get("f", "html") == "html":
        return Response(said.page(None), said.status, headers, "text/html; charset=utf-8")
    return Response(json.dumps(said.details(), ensure_ascii=False), said.status, headers, PROBLEM_TYPE)


def page(content: str) -> Response:
    """A page for people, with the headers that web gives its own."""
    headers = {"cache-control": "no-store", "content-security-policy": CSP, "referrer-policy": "same-origin"}
    headers |= {"x-content-type-options": "nosniff", "x-frame-options": "DENY"}
    return Response(content, 200, headers, "text/html; charset=utf-8")


def document(body: Mapping[str, Any], media: str = "application/json") -> Response:
    """A JSON document; it may differ from caller to caller."""
    headers = {"access-control-allow-origin": "*", "cache-control": "private, no-cache", **_NOT_SNIFFED}
    return Response(json.dumps(body, ensure_ascii=False), 200, headers, media)


async def packed(request: Request, content: bytes, headers: dict[str, str], media: str) -> Response:
    """Content, compressed where the client takes that and it is worth it."""
    headers |= {"access-control-allow-origin": "*", "vary": "Accept, Accept-Encoding", **_NOT_SNIFFED}
    if len(content) > _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        apart = len(content) > _PACKED_APART
        content = await asyncio.to_thread(gzip.compress, content, 1) if apart else gzip.compress(content, 1)
        headers["content-encoding"] = "gzip"
    return Response(content, 200, headers, media)


def _count(meter: CallMeter, what: tuple[str, Service, Caller], response: Response) -> None:
    layer, service, caller = what
    refused = response.status_code >= 400
    if isinstance(response, StreamingResponse):
        meter.count(layer, service, caller, refused=refused, sent_bytes=0)
        response.body_iterator = _counted(response.body_iterator, meter, what)
        return
    meter.count(layer, service, caller, refused=refused, sent_bytes=len(response.body))


async def _counted(
    parts: AsyncIterable[Any], meter: CallMeter, what: tuple[str, Service, Caller]
) -> AsyncIterator[Any]:
    """Parts of a stream, their bytes added when they were sent."""
    layer, service, caller = what
    sent = 0
    try:
        async for part in parts:
            sent += len(part)
            yield part
    finally:
        meter.add_bytes(layer, service, caller, sent)

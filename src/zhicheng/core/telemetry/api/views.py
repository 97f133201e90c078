"""The one address of SensorThings, for Django."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from zhicheng.core.parties.public import request_actor
from zhicheng.core.parties.values import ActorKind
from zhicheng.core.telemetry.api.answering import reply_to
from zhicheng.core.telemetry.api.batches import reply_to_batch
from zhicheng.core.telemetry.api.calls import PATCHES, Call, Caller, Reply, level_of, read_json
from zhicheng.core.telemetry.errors import MethodNotAllowed, SensingUnauthenticated
from zhicheng.core.telemetry.queries.sensing.asking import Asker
from zhicheng.kit.clock import now

_BASE = "/sta/v1.1"
_BATCH = "$batch"


@csrf_exempt  # the edge asks for the token of whoever comes with a session, as for every API
def sensor_things(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer one call."""
    actor = request_actor(request)
    caller = Caller(Asker(level_of(actor), request.build_absolute_uri(_BASE), now()), actor)
    method = request.method or "GET"
    if method != "GET" and actor.kind is ActorKind.ANONYMOUS:
        raise SensingUnauthenticated()
    body = read_json(request.body) if method in {"POST", "PUT", "PATCH"} else None
    if path.strip("/") == _BATCH:
        if method != "POST":
            raise MethodNotAllowed(method=method)
        return _response(reply_to_batch(body, caller))
    call = Call(method, path, request.GET.dict(), body, patches=request.content_type == PATCHES)
    return _response(reply_to(call, caller))


def _response(reply: Reply) -> HttpResponse:
    if reply.text:
        answer: HttpResponse = HttpResponse(_plain(reply.body), content_type="text/plain; charset=utf-8")
    elif reply.body is None:
        answer = HttpResponse(status=reply.status)
    else:
        answer = JsonResponse(reply.body, safe=False, json_dumps_params={"ensure_ascii": False})
    answer.status_code = reply.status
    if reply.location:
        answer["Location"] = reply.location
    return answer


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

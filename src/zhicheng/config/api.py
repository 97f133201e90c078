"""The HTTP API: one OpenAPI document over the routers that the apps serve."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from zhicheng.apps.appeals.api import router as appeals_router
from zhicheng.apps.assistant.api import calls_router, completions_router
from zhicheng.apps.assistant.api import router as assistant_router
from zhicheng.apps.governance.api import router as governance_router
from zhicheng.apps.licences.api import router as licences_router
from zhicheng.apps.policies.api import router as policies_router
from zhicheng.apps.twin.api.commands import router as commands_router
from zhicheng.apps.twin.api.services import router as services_router
from zhicheng.config.sentences import sentence_of
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.edge.errors import problem, respond
from zhicheng.web.shared.api_page import ApiPage

_JSON = "application/json"


class JsonParser(Parser):
    """JSON that says that it is JSON: a form of another site can send text, but not this content type."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body of a request.

        Raises:
            ValueError: it is not JSON, or does not say so.
        """
        if request.content_type != _JSON:
            raise ValueError(request.content_type)
        return super().parse_body(request)


class CityApi(NinjaAPI):
    """The API; its document is made once a process, because making it takes a good part of a second."""

    _document: OpenAPISchema | None = None

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """What the API can do; the addresses hold no parameter that could change it."""
        if self._document is None:
            self._document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        return self._document


_ABOUT = (
    "每个网络地址每分钟的请求次数有限制，超过时返回 429 和需要等待的秒数。"
    "没有接口密钥时，提交诉求、上传文件各有更严的限制；凭查询码查看或办理（请求头 X-Follow-Code）另有单独的限制。"
)
api = CityApi(
    title="智城接口", version="1.0.0", description=_ABOUT, docs=ApiPage(), parser=JsonParser(), urls_namespace="api"
)
api.add_router("/v1", appeals_router)
api.add_router("/v1", licences_router)
api.add_router("/v1", assistant_router)
api.add_router("/v1", calls_router)
api.add_router("/v1", policies_router)
api.add_router("/v1", commands_router)
api.add_router("/v1", services_router)
api.add_router("/v1", governance_router)
api.add_router("/assistant/v1", completions_router)

_UNREADABLE, _NOT_JSON = 400, 415
_REFUSALS = {
    _UNREADABLE: "请求的内容读不出来：应是 UTF-8 编码的 JSON。",
    _NOT_JSON: "请用 JSON 提交，并在请求头写明 Content-Type: application/json。",
}


@api.exception_handler(ZhichengError)
def _known(request: HttpRequest, error: ZhichengError) -> HttpResponse:
    return problem(request, error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What pydantic found, by field, in the same form as our own findings."""
    fields: dict[str, list[str]] = {}
    for found in error.errors:
        place = [str(part) for part in found["loc"] if part not in {"body", "query", "path", "header"}]
        name = ".".join(place[1:] if len(place) > 1 and place[0] in {"body", "payload"} else place) or "body"
        fields.setdefault(name, []).append(sentence_of(found))
    return problem(request, FieldErrors(fields))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    status = error.status_code
    if status == _UNREADABLE and request.content_type != _JSON:
        status = _NOT_JSON
    return respond(request, status, _REFUSALS.get(status, str(error)), {"code": "api.unreadable"})

"""The HTTP API: one OpenAPI document over the routers that the apps serve."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from zhicheng.apps.appeals.api import router as appeals_router
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.edge.errors import problem, respond
from zhicheng.web.shared.api_page import ApiPage

api = NinjaAPI(title="智城接口", version="1.0.0", docs=ApiPage(), urls_namespace="api")
api.add_router("/v1", appeals_router)

_UNREADABLE = {400: "请求的内容读不出来：应是 UTF-8 编码的 JSON。", 415: "请用 application/json 提交。"}
_SENTENCES = {"missing": "这一项必须填写", "json_invalid": "内容不是有效的 JSON"}


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
        fields.setdefault(name, []).append(_SENTENCES.get(found["type"], f"格式不对：{found['msg']}"))
    return problem(request, FieldErrors(fields))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return respond(
        request, error.status_code, _UNREADABLE.get(error.status_code, str(error)), {"code": "api.unreadable"}
    )

"""The HTTP API: one OpenAPI document over the routers that the apps serve."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from zhicheng.apps.appeals.api import router as appeals_router
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


api = NinjaAPI(title="智城接口", version="1.0.0", docs=ApiPage(), parser=JsonParser(), urls_namespace="api")
api.add_router("/v1", appeals_router)

_UNREADABLE, _NOT_JSON = 400, 415
_REFUSALS = {
    _UNREADABLE: "请求的内容读不出来：应是 UTF-8 编码的 JSON。",
    _NOT_JSON: "请用 JSON 提交，并在请求头写明 Content-Type: application/json。",
}
_SENTENCES = {
    "missing": "这一项必须填写",
    "json_invalid": "内容不是有效的 JSON",
    "string_type": "应是文字",
    "string_too_long": "太长，最多 {max_length} 个字",
    "literal_error": "只能是 {expected} 之一",
    "int_parsing": "应是整数",
    "int_type": "应是整数",
    "float_parsing": "应是数字",
    "float_type": "应是数字",
    "bool_parsing": "应是 true 或 false",
    "bool_type": "应是 true 或 false",
    "uuid_parsing": "应是编号（UUID）",
    "uuid_type": "应是编号（UUID）",
    "list_type": "应是列表",
    "dict_type": "应是对象",
    "too_long": "最多 {max_length} 个",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
}
_OTHERWISE = "格式不对，请对照接口说明修改"


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
        fields.setdefault(name, []).append(_sentence(found))
    return problem(request, FieldErrors(fields))


def _sentence(found: Mapping[str, Any]) -> str:
    kind = str(found["type"])
    if kind.startswith("date"):
        return "应是日期，如 2026-01-31"
    said = {
        name: str(value).replace("'", "").replace(" or ", "、").replace(", ", "、")
        for name, value in found.get("ctx", {}).items()
    }
    return _SENTENCES.get(kind, _OTHERWISE).format_map(said)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    status = error.status_code
    if status == _UNREADABLE and request.content_type != _JSON:
        status = _NOT_JSON
    return respond(request, status, _REFUSALS.get(status, str(error)), {"code": "api.unreadable"})

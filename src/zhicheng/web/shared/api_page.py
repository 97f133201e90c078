"""The page of the HTTP API, drawn here from the OpenAPI document: nothing is loaded from elsewhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

Schema = Mapping[str, Any]
_TYPES = {"string": "文字", "number": "数", "integer": "整数", "boolean": "是否", "array": "列表", "object": "对象"}


class ApiPage(DocsBase):
    """Shows every operation with its inputs and answers."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The page."""
        document: Schema = api.get_openapi_schema(path_params=kwargs)
        context = {"operations": list(_operations(document)), "document_url": self.get_openapi_url(api, kwargs)}
        return render(request, "shared/api.html", context)


def _operations(document: Schema) -> Iterator[dict[str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield {
                "method": method.upper(),
                "path": path,
                "summary": operation.get("summary", ""),
                "inputs": [*_parameters(operation), *_body(operation, document)],
                "answers": sorted(str(status) for status in operation["responses"]),
            }


def _parameters(operation: Schema) -> Iterator[dict[str, Any]]:
    places = {"query": "地址参数", "path": "地址", "header": "请求头"}
    for given in operation.get("parameters", ()):
        yield _input(given["name"], places.get(given["in"], given["in"]), given["schema"], required=given["required"])


def _body(operation: Schema, document: Schema) -> Iterator[dict[str, Any]]:
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        schema = _resolved(content["schema"], document)
        needed = schema.get("required", ())
        for name, field in schema.get("properties", {}).items():
            yield _input(name, "文件" if "form" in kind else "内容", field, required=name in needed)


def _input(name: str, place: str, schema: Schema, *, required: bool) -> dict[str, Any]:
    words = _TYPES.get(_kind(schema), "")
    return {
        "name": name,
        "place": place,
        "type": "、".join(schema["enum"]) if "enum" in schema else words,
        "text": schema.get("description", ""),
        "required": required,
    }


def _kind(schema: Schema) -> str:
    """The type of a value; of alternatives, the first that is not null."""
    kinds = [schema, *schema.get("anyOf", ())]
    return next((str(kind["type"]) for kind in kinds if kind.get("type") not in {None, "null"}), "")


def _resolved(schema: Schema, document: Schema) -> Schema:
    reference = str(schema.get("$ref", ""))
    return document["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema

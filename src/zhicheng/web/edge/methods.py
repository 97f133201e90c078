"""HTTP methods: HEAD is answered as GET is, and a method that an address does not take gets a sentence."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from zhicheng.web.edge.errors import respond

GetResponse = Callable[[HttpRequest], HttpResponse]

_NOT_ALLOWED = 405
_SENTENCE = "这个地址不支持这种操作。请返回上一页，从页面上的按钮或链接进入。"


class MethodMiddleware:
    """Stands nearest to the views. The server leaves out the body of an answer to HEAD."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        if request.method == "HEAD":
            request.method = "GET"
        response = self._get_response(request)
        if response.status_code != _NOT_ALLOWED:
            return response
        refusal = respond(request, _NOT_ALLOWED, _SENTENCE, {"code": "edge.method_not_allowed"})
        refusal["Allow"] = response.get("Allow", "GET")
        return refusal

"""Checking licences in public: a page that works without a connection, and what it keeps for that."""

from typing import Any
from uuid import uuid4

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from zhicheng.apps.licences.public import (
    SENTENCES,
    context_document,
    issuer_document,
    status_list,
    trust_document,
    verify_shown,
)
from zhicheng.apps.licences.values import Answer
from zhicheng.kit.clock import now

_FRESH = "public, max-age=60"
_LONGEST = 200_000
_DEVICE = "verifier"
_YEAR_S = 365 * 24 * 3600
# What only a page without a connection has to say.
_OFFLINE = {
    "stale": ("不能确认是否吊销", "签名真实、内容没有改动，但本机的吊销名单缺失或已超过一天。请联网后再核验一次。"),
    "needs_network": ("需要联网核验", "这本证照用国密 SM2 签名，浏览器不能离线核验。请联网后再试。"),
    "unsupported": ("这个浏览器不能离线核验", "请更新浏览器，或联网后点“联网核验”。"),
    "not_ready": ("还没有准备好", "本机没有保存核验资料。请先联网打开本页一次，之后没有网络也能核验。"),
}


@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """The page: camera, file or pasted text; answers in the browser, or from the server without scripts."""
    return _page(request, None, "")


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """The server's answer, with the newest status."""
    shown = request.POST.get("credential", "").strip()[:_LONGEST]
    if not shown:
        return _page(request, None, "", errors={"credential": ["请粘贴二维码内容或证照文件的内容。"]}, status=422)
    device = request.COOKIES.get(_DEVICE, "")[:64] or uuid4().hex
    response = _page(request, verify_shown(shown, verifier=f"device:{device}", now=now()), shown)
    response.set_cookie(
        _DEVICE, device, max_age=_YEAR_S, httponly=True, samesite="Lax", secure=request.is_secure(), path="/verify/"
    )
    return response


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, served from here so that it may keep this page."""
    del request
    path = finders.find("js/verify-worker.js")
    if not isinstance(path, str):
        raise Http404
    with open(path, encoding="utf-8") as source:  # noqa: PTH123  # the finder gives a text
        response = HttpResponse(source.read(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def trust(request: HttpRequest) -> HttpResponse:
    """What the page keeps: issuer, keys, types, and the words of every answer."""
    del request
    sentences = {outcome.value: words for outcome, words in SENTENCES.items()} | _OFFLINE
    return _public({**trust_document(now=now()), "sentences": sentences})


@require_GET
def issuer(request: HttpRequest) -> HttpResponse:
    """The issuer with its keys, as the W3C describes it."""
    del request
    return _public(issuer_document(), "application/cid")


@require_GET
def context(request: HttpRequest) -> HttpResponse:
    """The JSON-LD context of our terms."""
    del request
    return _public(context_document(), "application/ld+json")


@require_GET
def status(request: HttpRequest, purpose: str, number: int) -> HttpResponse:
    """A status list, at its stable address."""
    del request
    return _public(status_list(purpose, number, now=now()), "application/vc")


def _public(document: dict[str, Any], content_type: str = "application/json") -> HttpResponse:
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False}, content_type=content_type)
    response["Cache-Control"] = _FRESH
    response["Access-Control-Allow-Origin"] = "*"  # public, and read by verifiers of other sites
    return response


def _page(
    request: HttpRequest,
    answer: Answer | None,
    shown: str,
    *,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": "",
        "narrow": True,
        "answer": answer,
        "values": {"credential": shown if answer is None else ""},
        "errors": errors or {},
    }
    return render(request, "portal/licences/verify.html", context, status=status)

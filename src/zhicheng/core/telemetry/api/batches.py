"""Many calls in one (`$batch`, JSON; OGC 18-088, clause 11; OData JSON Format 4.01, clause 19)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import transaction

from zhicheng.core.telemetry.api.answering import error_body, reply_to
from zhicheng.core.telemetry.api.calls import PATCHES, Call, Caller, Reply
from zhicheng.core.telemetry.errors import DocumentRefused
from zhicheng.kit.errors import ZhichengError

_MOST = 1000
_BAD, _FAILED = 400, 424
_UNDONE = error_body("telemetry.group", _FAILED, "同一组里有请求没有成功，整组都没有保存。")


class _GroupFailedError(Exception):
    """One call of an atomic group failed: none of it is kept."""


def reply_to_batch(body: Any, caller: Caller) -> Reply:
    """Answer each call in order; calls of one `atomicityGroup` all hold, or none does.

    Raises:
        DocumentRefused: it is no batch.
    """
    requests = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(requests, list) or any(not isinstance(each, dict) for each in requests):
        raise DocumentRefused(problem="应写成 {“requests”: […]}")
    if len(requests) > _MOST:
        raise DocumentRefused(problem=f"一次最多 {_MOST} 个请求")
    made: dict[str, str] = {}
    responses: list[dict[str, Any]] = []
    for group in _grouped(requests):
        responses += _group(group, caller, made)
    return Reply(200, {"responses": responses})


def _grouped(requests: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Neighbours of one atomic group together, every other call alone."""
    groups: list[list[Mapping[str, Any]]] = []
    for each in requests:
        name = each.get("atomicityGroup")
        if name and groups and groups[-1][-1].get("atomicityGroup") == name:
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def _group(group: Sequence[Mapping[str, Any]], caller: Caller, made: dict[str, str]) -> list[dict[str, Any]]:
    if not group[0].get("atomicityGroup"):
        return [_one(each, caller, made) for each in group]
    responses: list[dict[str, Any]] = []
    try:
        with transaction.atomic():
            for each in group:
                responses.append(_one(each, caller, made))
                _check(responses[-1])
    except _GroupFailedError:
        undone = [{"id": each["id"], "status": _FAILED, "body": _UNDONE} for each in responses[:-1]]
        return [*undone, responses[-1]]
    return responses


def _check(response: Mapping[str, Any]) -> None:
    if response["status"] >= _BAD:
        raise _GroupFailedError


def _one(request: Mapping[str, Any], caller: Caller, made: dict[str, str]) -> dict[str, Any]:
    number = str(request.get("id", ""))
    try:
        with transaction.atomic():
            reply = reply_to(_call(request, caller, made), caller)
    except ZhichengError as error:
        status = error.kind.value
        return {"id": number, "status": status, "body": error_body(error.code, status, str(error))}
    if reply.location:
        made[number] = reply.location
    shown: dict[str, Any] = {"id": number, "status": reply.status}
    if reply.location:
        shown["location"] = reply.location
    if reply.body is not None:
        shown["body"] = reply.body
    return shown


def _call(request: Mapping[str, Any], caller: Caller, made: Mapping[str, str]) -> Call:
    url, method = request.get("url"), request.get("method")
    if not isinstance(url, str) or not isinstance(method, str):
        raise DocumentRefused(problem="每个请求要有 method 和 url")
    parts = urlsplit(_relative(url, caller, made))
    headers = request.get("headers")
    kind = str(headers.get("Content-Type", headers.get("content-type", ""))) if isinstance(headers, dict) else ""
    return Call(
        method.upper(),
        unquote(parts.path),
        dict(parse_qsl(parts.query, keep_blank_values=True)),
        _referring(request.get("body"), made),
        patches=kind.startswith(PATCHES),
    )


def _relative(url: str, caller: Caller, made: Mapping[str, str]) -> str:
    """An address after `v1.1/`; `$5/Datastreams` begins at what request 5 made."""
    for number, location in made.items():
        if url == f"${number}" or url.startswith(f"${number}/"):
            url = location + url[len(number) + 1 :]
    url = url.removeprefix(caller.asker.base)
    return url.removeprefix("/sta/v1.1").lstrip("/")


def _referring(body: Any, made: Mapping[str, str]) -> Any:
    """`{"@iot.id": "$5"}` names what request 5 made."""
    text = json.dumps(body)
    for number, location in made.items():
        found = location.rpartition("(")[2][:-1]
        shown = json.dumps(found.strip("'")) if "'" in found else found
        text = text.replace(f'"@iot.id": "${number}"', f'"@iot.id": {shown}')
    return json.loads(text)

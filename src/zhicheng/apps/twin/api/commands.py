"""Commands in words over HTTP: what a text means, and the answer to it."""

import json
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from zhicheng.apps.twin.public import run_understood, understand, understand_plain
from zhicheng.apps.twin.values.commands import Answer, Scene, Understood
from zhicheng.core.parties.public import request_actor
from zhicheng.engines.commands.plain import brief, to_plain
from zhicheng.kit.clock import now

router = Router(tags=["问地图"])


class CommandProblemOut(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str = ""
    request_id: str = ""


class TextIn(Schema):
    """A text to be understood."""

    text: str = Field(max_length=1000, description="一句话", examples=["福田区100米以上的办公楼"])


class RunIn(Schema):
    """A text, or a command as `parse` has given it; what the map shows for 框选范围 and 当前视野."""

    text: str = Field(default="", max_length=1000)
    command: dict[str, Any] | None = Field(default=None, description="parse 返回的 command，可去掉其中的条件再执行")
    drawn: str = Field(default="", max_length=4000, description="所画范围，WKT，WGS84")
    view: list[float] = Field(default=[], max_length=4, description="当前视野：西、南、东、北")
    limit: int = Field(default=200, ge=1, le=1000)


class SpanOut(Schema):
    """Words that were not understood; positions in the text, the end exclusive."""

    start: int
    end: int
    text: str


class RefusalOut(Schema):
    """Why there is no query.

    Codes: empty, too_long, not_understood, no_subject, ambiguous, incomplete, contradictory, unusable.
    """

    code: str
    message: str
    spans: list[SpanOut]
    suggestions: list[str]


class ChipOut(Schema):
    """One part of the query in words."""

    part: str
    index: int
    text: str
    removable: bool


class UnderstoodOut(Schema):
    """What a text means. `brief` is for reading; `command` is for `run`."""

    text: str
    sentence: str
    chips: list[ChipOut]
    brief: dict[str, Any] | None
    command: dict[str, Any] | None
    refusal: RefusalOut | None


class ColumnOut(Schema):
    """A column of the answer's table."""

    code: str
    label: str
    unit: str


class AnswerOut(Schema):
    """An answer: a table, features for a map, one value where nothing is grouped."""

    understood: UnderstoodOut
    columns: list[ColumnOut]
    rows: list[list[Any]]
    keys: list[str]
    value: float | None
    total: int | None
    limited: bool
    box: list[float] | None = Field(description="西、南、东、北")
    features: dict[str, Any] = Field(description="GeoJSON FeatureCollection")
    sql: str
    cql2: str
    source: str
    elapsed_ms: float


_PROBLEMS = dict.fromkeys((401, 403, 404, 422, 503), CommandProblemOut)


@router.post("/twin/commands/parse", response={200: UnderstoodOut, 422: CommandProblemOut}, summary="一句话是什么意思")
def parse_text(request: HttpRequest, body: TextIn) -> Any:
    """The query that a text means, said back; or what was not understood. Nothing is run."""
    del request
    return _understood(understand(body.text, now=now()))


@router.post("/twin/commands/run", response={200: AnswerOut, **_PROBLEMS}, summary="一句话的答案")
def run_text(request: HttpRequest, body: RunIn) -> Any:
    """The answer to a text or a command, as far as the caller may see it."""
    at = now()
    understood = understand(body.text, now=at) if body.command is None else understand_plain(body.text, body.command)
    view = (body.view[0], body.view[1], body.view[2], body.view[3]) if len(body.view) == 4 else None
    scene = Scene(body.drawn, view)
    return _answer(run_understood(understood, actor=request_actor(request), now=at, scene=scene, limit=body.limit))


def _understood(found: Understood) -> dict[str, Any]:
    refusal = found.refusal
    return {
        "text": found.text,
        "sentence": found.sentence,
        "chips": [vars(chip) for chip in found.chips],
        "brief": brief(found.command) if found.command else None,
        "command": to_plain(found.command) if found.command else None,
        "refusal": {**vars(refusal), "spans": [vars(span) for span in refusal.spans]} if refusal else None,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "understood": _understood(answer.understood),
        "columns": [{"code": c.code, "label": c.label, "unit": c.unit} for c in answer.columns],
        "rows": [list(row) for row in answer.rows],
        "keys": list(answer.keys),
        "value": answer.value,
        "total": answer.total,
        "limited": answer.limited,
        "box": list(answer.box) if answer.box else None,
        "features": json.loads(answer.features),
        "sql": answer.sql,
        "cql2": answer.cql2,
        "source": answer.source,
        "elapsed_ms": answer.elapsed_ms,
    }

"""Policies in plain words over HTTP, each statement with the clauses it rests on."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.params.functions import Query

from zhicheng.apps.policies.public import get_library, get_reading
from zhicheng.apps.policies.values import NOT_BINDING, ClauseRef, Reading
from zhicheng.kit.clock import CHINA, now

router = Router(tags=["政策"])


class ClauseOut(Schema):
    """A clause that a statement rests on, word for word."""

    code: str
    label: str
    text: str
    link: str


class StatementOut(Schema):
    """One statement in plain words."""

    question: str
    text: str
    clauses: list[ClauseOut]


class ReadingOut(Schema):
    """A version of a policy in plain words. `statements` is empty where nobody has written any."""

    policy: str
    label: str
    version: str
    number: str
    in_force: bool
    link: str
    notice: str = Field(description="解读只帮助理解，以政策原文为准")
    statements: list[StatementOut]


class ProblemOut(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str = ""
    request_id: str = ""


@router.get(
    "/policies/{code}/reading", response={200: ReadingOut, 404: ProblemOut}, summary="政策大白话解读", auth=None
)
def read_plainly(
    request: HttpRequest,
    code: str,
    version: str = Query("", max_length=24, description="版本代码，不写就是现行版本"),
) -> Any:
    """A policy in plain words."""
    del request
    on, library = now().astimezone(CHINA).date(), get_library()
    policy = library.get(code)
    text = library.version(code, version) if version else policy.current(on)
    reading = get_reading(code, text.code)
    return {
        "policy": code,
        "label": policy.label,
        "version": text.code,
        "number": text.number,
        "in_force": text.covers(on),
        "link": f"/policies/{code}/?version={text.code}",
        "notice": NOT_BINDING,
        "statements": list(_statements(reading)) if reading else [],
    }


def _statements(reading: Reading) -> Any:
    for statement in reading.statements:
        clauses = [_clause(reading, each) for each in statement.clauses]
        yield {"question": statement.question, "text": statement.text, "clauses": clauses}


def _clause(reading: Reading, clause: ClauseRef) -> dict[str, str]:
    return {"code": clause.code, "label": clause.label, "text": clause.text, "link": reading.link_to(clause)}

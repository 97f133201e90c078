"""Checking a licence over HTTP, for systems of other units: what the public page does, with the newest status."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from zhicheng.apps.licences.operations.verifying import verify_shown
from zhicheng.apps.licences.queries.types import list_licence_types
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now

router = Router(tags=["证照"])
_VERIFY = (
    "核验二维码或证照文件：验证签名、有效期、吊销和暂停情况，并提示重复出示。"
    "证照无效时也返回 200，请看 outcome 和 text。"
)
_TYPES = "本市签发的全部证照种类和每种证照的内容项，按代码排列。"


class ShownIn(Schema):
    """What somebody showed."""

    credential: str = Field(
        min_length=1, max_length=200_000, description="二维码内容（整个链接或“#”之后的部分），或证照文件（JSON）的全文"
    )
    verifier: str = Field(
        default="",
        max_length=80,
        description="核验点的标识，用来发现同一二维码被重复出示；带接口密钥时可以不填",
    )


class FieldOut(Schema):
    """One line of a licence."""

    code: str
    label: str
    value: str


class AnswerOut(Schema):
    """The answer."""

    outcome: str = Field(description="valid 为有效，其余为不能采信的原因")
    valid: bool
    title: str
    text: str
    label: str = ""
    number: str = ""
    issuer: str = ""
    valid_from: str = ""
    valid_until: str = ""
    fields: list[FieldOut] = Field(default_factory=list)


class TypeOut(Schema):
    """A type of licence."""

    code: str
    label: str
    subject: str
    illustrative: bool
    fields: list[dict[str, str]]


@router.post("/licences/verify", response=AnswerOut, summary="核验证照", description=_VERIFY, auth=None)
def verify(request: HttpRequest, shown: ShownIn) -> dict[str, Any]:
    """Whatever is wrong is an answer, not an error."""
    actor = request_actor(request)
    verifier = actor.ref if actor.account_id is not None else f"device:{shown.verifier or request.META['REMOTE_ADDR']}"
    found = verify_shown(shown.credential, verifier=verifier, now=now())
    fields = [{"code": each.code, "label": each.label, "value": each.value} for each in found.fields]
    return {
        "outcome": found.outcome.value,
        "valid": found.is_valid,
        "title": found.title,
        "text": found.text,
        "label": found.label,
        "number": found.number,
        "issuer": found.issuer,
        "valid_from": found.valid_from,
        "valid_until": found.valid_until,
        "fields": fields,
    }


@router.get("/licences/types", response=list[TypeOut], summary="证照目录", description=_TYPES, auth=None)
def types(request: HttpRequest) -> list[dict[str, Any]]:
    """All types, by code: some dozens, so one page."""
    del request
    return [
        {
            "code": each.code,
            "label": each.label,
            "subject": each.subject,
            "illustrative": each.illustrative,
            "fields": [{"code": line.code, "label": line.label} for line in each.fields],
        }
        for each in list_licence_types()
    ]

"""Routes of the appeals API."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile
from ninja.params.functions import Header, Query

from zhicheng.apps.appeals.api.schemas import (
    ActIn,
    ActOut,
    AppealIn,
    AppealOut,
    AttachmentOut,
    CaseLineOut,
    CaseOut,
    CasePageOut,
    ClockOut,
    HistoryOut,
    ProblemOut,
)
from zhicheng.apps.appeals.errors import FollowCodeInAddress
from zhicheng.apps.appeals.public import PROCESS, submit_appeal
from zhicheng.apps.appeals.values import AppealDraft
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import (
    CaseDetails,
    Purpose,
    act,
    add_draft_attachment,
    check_file,
    get_case,
    get_case_by_secret,
    list_cases,
)
from zhicheng.core.cases.values import ActCommand, CaseFilter
from zhicheng.core.ledger.public import idempotency_key, recall
from zhicheng.core.parties.public import get_unit_tree, request_actor
from zhicheng.kit.clock import now

router = Router(tags=["appeals"])
_CODE = (
    "查询码。凭工单号和查询码，不用账号即可查看和办理自己的诉求。"
    "只能放在请求头里，写在地址里会被拒绝（400）；单独限制频率（429）"
)
_PROBLEMS = {400: ProblemOut, 404: ProblemOut, 409: ProblemOut, 422: ProblemOut, 429: ProblemOut}


@router.post("/appeals", response={201: AppealOut, 200: AppealOut, **_PROBLEMS}, summary="提交诉求")
def create_appeal(
    request: HttpRequest, body: AppealIn, idempotency: str = Header("", alias="Idempotency-Key")
) -> Status[Any]:
    """Take an appeal in; the same Idempotency-Key with the same body gives the first answer again (200).

    Without an API key under a narrow rate limit.
    """
    given = body.model_dump(exclude={"attachments"})
    draft = AppealDraft(**given, uploads=tuple(body.attachments))
    actor = request_actor(request)
    key = idempotency_key(f"appeals:{actor.ref}", idempotency, body.model_dump(mode="json")) if idempotency else None
    done = submit_appeal(draft, actor=actor, now=now(), key=key)
    return Status(200 if done.replayed else 201, done)


@router.post("/attachments", response={201: AttachmentOut, 413: ProblemOut, **_PROBLEMS}, summary="上传照片或 PDF")
def upload(request: HttpRequest, file: File[UploadedFile]) -> Status[Any]:
    """Keep a file for an appeal or an action that names its id within 23 hours; photos lose their place data.

    Without an API key under a narrow rate limit.
    """
    at = now()
    kept = check_file(file.name or "", file.read(), at)
    add_draft_attachment(kept, actor=request_actor(request), now=at)
    return Status(201, kept)


@router.get("/appeals", response={200: CasePageOut, **_PROBLEMS}, summary="与我有关的诉求")
def list_appeals(
    request: HttpRequest,
    after: str = Query(""),
    limit: int = Query(50, ge=1, le=200),
    state: str = Query(""),
    text: str = Query("", max_length=100),
) -> Any:
    """Appeals that concern the caller: their own, or those of their units; newest first, keyset paged."""
    states = frozenset({state}) if state else frozenset()
    wanted = CaseFilter(process=PROCESS, states=states, text=text, order="newest")
    page = list_cases(request_actor(request), wanted, purpose=Purpose.ANY, after=after, limit=limit)
    return {"items": [CaseLineOut.model_validate(row, from_attributes=True) for row in page.rows], "after": page.after}


@router.get("/appeals/{number}", response={200: CaseOut, **_PROBLEMS}, summary="查看诉求")
def read_appeal(
    request: HttpRequest, number: str, code: str = Header("", alias="X-Follow-Code", description=_CODE)
) -> Any:
    """One appeal: by right, or by its number and follow code."""
    return case_out(_find(request, number, code))


@router.post("/appeals/{number}/actions/{action}", response={200: ActOut, **_PROBLEMS}, summary="办理诉求")
def act_on_appeal(  # noqa: PLR0913  # one parameter a part of the request
    request: HttpRequest,
    number: str,
    action: str,
    body: ActIn,
    code: str = Header("", alias="X-Follow-Code", description=_CODE),
    idempotency: str = Header("", alias="Idempotency-Key"),
) -> Any:
    """Carry out an action of the process; which ones are possible is in the appeal's `actions`."""
    actor = request_actor(request)
    key = idempotency_key(f"act:{actor.ref}:{number}:{action}", idempotency, body.dict()) if idempotency else None
    try:
        found = _find(request, number, code)
    except CaseNotFound:
        stored = recall(key, now=now()) if key else None
        if stored is None:
            raise
        return {**stored, "replayed": True}  # the first time moved the case out of the caller's sight
    proofs = frozenset({"requester"}) if code else frozenset()
    command = ActCommand(found.row.id, action, body.input, body.version, proofs, key)
    return act(command, actor, now())


def _find(request: HttpRequest, number: str, code: str) -> CaseDetails:
    """The appeal. A case of any other kind is none here: its own app has rules that this route does not know."""
    if "code" in request.GET:
        raise FollowCodeInAddress()
    if len(number) > 40:
        raise CaseNotFound()
    found = get_case_by_secret(number, code) if code else get_case(request_actor(request), number)
    if found.row.process != PROCESS:
        raise CaseNotFound()
    return found


def case_out(details: CaseDetails) -> CaseOut:
    """A case as the API shows it: the public part of its history to its requester, all of it to officials."""
    row, tree, at = details.row, get_unit_tree(), now()
    return CaseOut(
        number=row.number,
        title=row.title,
        state=row.state,
        state_label=details.public_state,
        unit=row.unit,
        unit_name=tree.get(row.unit).name if row.unit in tree else row.unit,
        version=row.version,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        clocks=[
            ClockOut(
                code=clock.code,
                label=details.process.clocks[clock.code].label,
                state=clock.state,
                started_at=clock.started_at,
                due_at=clock.due_at,
                ended_at=clock.ended_at,
                late=clock.is_late(at),
            )
            for clock in details.clocks
        ],
        history=[
            HistoryOut(at=item.at, label=item.label, unit=item.to_unit, text=str(item.input.get("text") or ""))
            for item in details.history
        ],
        actions=[action.code for action in details.actions],
    )

"""What requesters do with cases of theirs: look one up by number and code, open it, act on it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import (
    CaseDetails,
    Purpose,
    act,
    add_draft_attachment,
    get_case,
    get_case_as_requester,
    get_case_by_secret,
    list_numbers,
)
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.ledger.public import idempotency_key
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.files import read_files
from zhicheng.web.shared.following import followed_cases, page_of, remember_case

_PROOF = frozenset({"requester"})
_LONGEST = 40


@dataclass(frozen=True)
class LookUp:
    """A page with two fields, `number` and `code`: its template, what each field asks for, what a wrong pair gets."""

    template: str
    number: str
    mismatch: str
    code: str = "请填写查询码。"


@dataclass(frozen=True)
class OwnerAct:
    """An act of a requester. `files` names the field of uploads, `whole` the field beside which a refusal stands."""

    action: str
    given: Mapping[str, Any]
    files: str = ""
    most_files: int = 0
    whole: str = ""


@dataclass(frozen=True)
class Refusal:
    """Why an act was refused: sentences by field, and the status of the page that shows them."""

    errors: Mapping[str, list[str]]
    status: int


def look_up(request: HttpRequest, page: LookUp) -> HttpResponse:
    """Open a case by its number and code; from then on this browser may follow it."""
    context: dict[str, Any] = {"section": "mine", "narrow": True, "values": {}, "errors": {}}
    if request.method != "POST":
        return render(request, page.template, context)
    check_rate(request, "follow")
    asked = {"number": page.number, "code": page.code}
    values = {name: request.POST.get(name, "").strip()[:_LONGEST] for name in asked}
    context["values"] = values
    context["errors"] = {name: [sentence] for name, sentence in asked.items() if not values[name]}
    if context["errors"]:
        return render(request, page.template, context, status=422)
    try:
        row = get_case_by_secret(values["number"], values["code"]).row
    except CaseNotFound:
        context["errors"] = {"number": [page.mismatch]}
        return render(request, page.template, context, status=404)
    remember_case(request, row.id)
    return HttpResponseRedirect(page_of(row))


def owned_case(request: HttpRequest, number: str, processes: Collection[str]) -> CaseDetails:
    """A case of one of these processes that the signed-in requester has.

    Raises:
        CaseNotFound: there is none, it is somebody else's, or it is of another kind, with pages of its own.
    """
    return _of_kind(get_case(request_actor(request), _plain(number), Purpose.OWN), processes)


def followed_case(request: HttpRequest, number: str, processes: Collection[str]) -> CaseDetails:
    """The same, also for a browser that has proven by code or link that it may follow the case.

    Raises:
        CaseNotFound: neither, or it is of another kind, with pages of its own.
    """
    return _of_kind(_proven(request, _plain(number)), processes)


def act_as_owner(request: HttpRequest, details: CaseDetails, wanted: OwnerAct) -> Refusal | None:
    """Act on a case that one of the functions above has found; None when it is done. Sent twice, it acts once."""
    check_rate(request, "submit")
    at, actor, given = now(), request_actor(request), dict(wanted.given)
    sent = request.POST.get("idempotency_key", "")
    key = idempotency_key(f"owner:{details.row.id}:{wanted.action}", sent, given) if sent else None
    try:
        if wanted.files:
            files = read_files(request, wanted.files, wanted.most_files, at)
            given[wanted.files] = [str(add_draft_attachment(file, actor=actor, now=at)) for file in files]
        act(ActCommand(details.row.id, wanted.action, given, proofs=_PROOF, key=key), actor, at)
    except FieldErrors as error:
        return Refusal(error.fields, error.kind.value)
    except ZhichengError as error:
        return Refusal({wanted.whole: [str(error)]}, error.kind.value)
    return None


def _plain(number: str) -> str:
    return number.strip().upper()[:_LONGEST]


def _of_kind(found: CaseDetails, processes: Collection[str]) -> CaseDetails:
    if found.row.process not in processes:
        raise CaseNotFound()
    return found


def _proven(request: HttpRequest, wanted: str) -> CaseDetails:
    actor = request_actor(request)
    if actor.party_id is not None:
        try:
            return get_case(actor, wanted, Purpose.OWN)
        except CaseNotFound:
            pass
    followed = list_numbers(followed_cases(request))
    found = next((case_id for case_id, number in followed.items() if number == wanted), None)
    if found is None:
        raise CaseNotFound()
    return get_case_as_requester(found)

"""The case page: one page for every kind of case."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from zhicheng.apps.appeals.public import alike_of, get_appeal, get_taxonomy
from zhicheng.apps.appeals.values import AppealInfo
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import CaseDetails, get_case, process_of, readable_units
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.parties.public import get_masked_party, get_unit_tree, list_account_names, request_actor, reveal
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import now
from zhicheng.web.shared.presenting import (
    due_view,
    open_clocks,
    place_line,
    place_words,
    requester_word,
    tag_view,
    timeline,
    unit_name,
)
from zhicheng.web.shared.signin import NotForYou, needs_official
from zhicheng.web.workbench.applications import application_view, with_licence
from zhicheng.web.workbench.benefits import claim_url
from zhicheng.web.workbench.forms import action_views, new_key
from zhicheng.web.workbench.frame import show

PURPOSES = (("contact", "联系诉求人"), ("verify", "核实情况"), ("visit", "上门办理"))
_CHANNELS = {"web": "网页", "app": "手机应用", "phone": "电话", "street": "街面", "api": "接口", "simulator": "模拟"}


@require_GET
@needs_official()
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A case that concerns me."""
    details = get_case(request_actor(request), number[:40])
    return case_page(request, details, open_action=request.GET.get("action", ""))


@require_POST
@needs_official("parties.reveal")
def reveal_party(request: HttpRequest, number: str) -> HttpResponse:
    """Personal data of a case's requester, once, for a stated purpose; the ledger keeps who looked and why."""
    actor = request_actor(request)
    details = get_case(actor, number[:40])
    if not _may_reveal(actor, details.row.unit):
        raise NotForYou()
    purpose = dict(PURPOSES).get(request.POST.get("purpose", ""))
    if purpose is None:
        return case_page(request, details, errors={"purpose": ["请选择查看用途"]}, status=422)
    if details.row.requester is None:
        raise CaseNotFound()
    opened = reveal(
        details.row.requester, ["name", "phone"], actor=actor, purpose=f"{purpose} {details.row.number}", now=now()
    )
    return case_page(request, details, revealed=opened)


def case_page(  # noqa: PLR0913  # one page, many ways to arrive at it
    request: HttpRequest,
    details: CaseDetails,
    *,
    open_action: str = "",
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    revealed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page in one of its states: plain, with an open form, with errors, with personal data shown."""
    at = now()
    info = _appeal(details)
    whole_lists = request.GET.get("items") == "all" or bool(values and values.get("item"))
    actions = with_licence(action_views(details, whole_lists=whole_lists), details)
    context = {
        "back": {"url": "/workbench/", "label": "返回"},
        "case": _case(details, info),
        "clocks": open_clocks(details, at),
        "status_words": "",
        "actions": actions,
        "open_action": open_action,
        "values": values or {},
        "errors": errors or {},
        "idempotency_key": new_key(),
        "people": _people(request, details, revealed),
        "purposes": PURPOSES,
        "photos": [_photo(file) for file in details.attachments if file.media_type.startswith("image/")],
        "files": [_file(file) for file in details.attachments if not file.media_type.startswith("image/")],
        "map": _map(details.row),
        "why": _why(details, info),
        "application": application_view(details),
        "more": _more(details.row),
        "alike": _alike(request, details.row) if info else [],
        "children": [_related(child) for child in details.children],
        "parent": _related(details.parent) if details.parent else None,
        "events": timeline(details, names=True),
        "notes": _notes(details),
        "note_url": _note_url(details),
        "reply": _reply(details),
        "rating": _rating(details),
    }
    return show(request, "workbench/case.html", context, status=status)


def _more(row: CaseRow) -> dict[str, str] | None:
    """Where a process has a page of its own beside the case."""
    if row.process == "disclosure":
        return {"url": f"/workbench/disclosure/{row.number}/", "label": "公开申请的全部内容"}
    if row.process == "device_alarm":
        return {"url": f"/workbench/devices/alarms/{row.number}/", "label": "告警的理由、读数和设备"}
    if row.process in {"handover", "knowledge_entry"}:
        prefix = "entries/" if row.process == "knowledge_entry" else ""
        return {"url": f"/workbench/assistant/{prefix}{row.number}/", "label": "打开咨询台"}
    return {"url": url, "label": "本人说明"} if (url := claim_url(row)) else None


def _appeal(details: CaseDetails) -> AppealInfo | None:
    try:
        return get_appeal(details.row.id if details.row.parent is None else details.row.parent)
    except CaseNotFound:
        return None


def _case(details: CaseDetails, info: AppealInfo | None) -> dict[str, Any]:
    row = details.row
    taxonomy = get_taxonomy()
    item = " / ".join(taxonomy.get(row.category).path[1:]) if row.category in taxonomy else "待确定"
    task = str(row.facts.get("task") or "")
    address = info.address if info else ""
    return {
        "id": row.number,
        "number": row.number,
        "title": row.title,
        "text": "\n\n".join(part for part in (f"协办任务：{task}" if task else "", info.text if info else "") if part)
        or row.title,
        "tag": tag_view(row, details.process, now()),
        "urgent": row.urgent,
        "unit": unit_name(row.unit),
        "item": item,
        "at": row.opened_at,
        "channel": _CHANNELS.get(info.channel, "") if info else "",
        "version": row.version,
        "place": place_line(row.division, address),
        "point": f"{row.longitude},{row.latitude}" if row.longitude is not None else "",
        "kind": details.process.label,
    }


def _people(request: HttpRequest, details: CaseDetails, revealed: Mapping[str, str] | None) -> list[dict[str, Any]]:
    row, word = details.row, requester_word(details.process)
    if row.requester is None:
        return (
            [{"role": word, "name": "匿名", "phone": "", "detail": "凭编号和查询码查看进度", "reveal_url": ""}]
            if row.parent is None
            else []
        )
    party = get_masked_party(row.requester)
    may = _may_reveal(request_actor(request), row.unit)
    shown = revealed or {}
    return [
        {
            "role": word,
            "name": shown.get("name") or party.name or "未留姓名",
            "phone": shown.get("phone") or party.phone,
            "detail": "",
            "reveal_url": f"/workbench/cases/{row.number}/reveal/" if may else "",
            "revealed": bool(shown),
        }
    ]


def _may_reveal(actor: Actor, unit: str) -> bool:
    """Whether the right to see personal data reaches the unit that has the case now."""
    tree = get_unit_tree()
    return any(tree.covers(grant, unit) for grant in actor.units_for("parties.reveal"))


def _photo(file: Any) -> dict[str, Any]:
    return {
        "url": f"/files/{file.id}/",
        "alt": file.name,
        "name": "办理凭证" if file.owner.startswith("account:") else file.name,
    }


def _file(file: Any) -> dict[str, Any]:
    return {"name": file.name, "url": f"/files/{file.id}/", "size_words": f"{max(1, file.size_bytes // 1024)} KB"}


def _map(row: CaseRow) -> dict[str, Any] | None:
    if row.longitude is None:
        return None
    marker = f"{row.longitude:.6f},{row.latitude:.6f}"
    place = place_words(row.division)
    return {
        "label": "诉求位置",
        "areas_url": "/areas/street.geojson",
        "center": marker,
        "zoom": 13,
        "marker": marker,
        "fallback": place,
    }


def _why(details: CaseDetails, info: AppealInfo | None) -> list[dict[str, Any]]:
    if info is None:
        return []
    candidates = [
        {"label": found.label, "percent": round(found.probability * 100), "chosen": found.code == details.row.category}
        for found in info.candidates
    ]
    return [
        {
            "title": f"为什么到了{unit_name(str(details.row.facts.get('lead') or details.row.unit))}",
            "summary": info.reasons[0] if info.reasons else "由工作人员分拨。",
            "candidates": candidates,
            "steps": list(info.reasons[1:]),
            "rule": {"label": "诉求分类与职责清单", "version": info.model, "source": "城市包职责清单"},
            "contest": "不属于本单位职责？可以退回一次并说明理由，由仲裁员裁定。",
        }
    ]


def _related(row: CaseRow) -> dict[str, Any]:
    at = now()
    return {
        "number": row.number,
        "title": row.title,
        "unit": unit_name(row.unit),
        "url": f"/workbench/cases/{row.number}/",
        "tag": tag_view(row, process_of(row.definition), at),
        "clock": due_view(row, at),
    }


def _alike(request: HttpRequest, case: CaseRow) -> list[dict[str, Any]]:
    """Alike cases nearby; of those that do not concern the reader only number, item, place and unit."""
    readable, taxonomy = readable_units(request_actor(request), get_unit_tree()), get_taxonomy()
    shown = []
    for row in alike_of(case):
        words = f"{place_words(row.division)} · {unit_name(row.unit)}"
        foreign = {"title": f"{row.number} {taxonomy.label(row.category)}", "url": ""}
        shown.append({**_related(row), "words": words, **({} if row.unit in readable else foreign)})
    return shown


def _notes(details: CaseDetails) -> list[dict[str, Any]]:
    found = [item for item in details.history if item.action == "note"]
    names = {str(account): name for account, name in list_account_names(_ids(found)).items()}
    return [
        {
            "at": item.at,
            "actor": names.get(item.actor.partition(":")[2], unit_name(item.to_unit)),
            "text": item.input.get("text", ""),
        }
        for item in found
    ]


def _ids(items: Sequence[Any]) -> list[Any]:
    return [item.actor.partition(":")[2] for item in items if item.actor.startswith("account:")]


def _note_url(details: CaseDetails) -> str:
    may = any(action.code == "note" for action in details.actions)
    return f"/workbench/cases/{details.row.number}/actions/note/" if may else ""


def _reply(details: CaseDetails) -> dict[str, Any] | None:
    found = next((item for item in reversed(details.history) if item.action in {"reply", "complete"}), None)
    if found is None:
        return None
    return {"unit": unit_name(found.from_unit), "at": found.at, "text": found.input.get("text", ""), "photos": []}


def _rating(details: CaseDetails) -> dict[str, Any] | None:
    found = next((item for item in reversed(details.history) if item.action == "rate"), None)
    return {"stars": found.input.get("score", 0), "comment": found.input.get("text", "")} if found else None

"""The work list of knowledge: a question, the answer so far, and who has to say that it is right."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from zhicheng.apps.assistant.public import get_proposal, owner_unit, suggest
from zhicheng.apps.assistant.values import ProposalInfo
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import CaseDetails, Purpose, get_case
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.web.shared.presenting import open_clocks, tag_view, timeline, unit_name
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.assistant import CLERKS, ENTRIES
from zhicheng.web.workbench.choices import unit_groups
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show

_ORIGINS = {"unanswered": "助手没有答上来", "rated": "居民说回答没帮到", "clerk": "工作人员的答复"}


@require_GET
@needs_official(*CLERKS)
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One entry with the form of its next step, filled in as far as it is known."""
    details = get_case(request_actor(request), number[:40], Purpose.WORK)
    if details.row.process != ENTRIES:
        raise CaseNotFound()
    info, at = get_proposal(details.row.id), now()
    question, text = _so_far(details, info)
    owner = owner_unit(info.department)
    context = {
        "case": details.row,
        "tag": tag_view(details.row, details.process, at),
        "unit": unit_name(details.row.unit),
        "info": info,
        "origin": _ORIGINS.get(info.origin, ""),
        "values": {"question": question, "text": text, "unit": owner},
        "errors": {},
        "may": {action.code for action in details.actions},
        "units": unit_groups(details.row.unit, "请选择主管部门"),
        "clocks": open_clocks(details, at),
        "events": timeline(details, names=True),
        "found": suggest(info.question, actor=request_actor(request), now=at)[:3],
        "idempotency_key": new_key(),
    }
    return show(request, "workbench/assistant/entry.html", context)


def _so_far(details: CaseDetails, info: ProposalInfo) -> tuple[str, str]:
    """Question and answer as they were last written."""
    last = next((item for item in reversed(details.history) if item.action in {"propose", "confirm"}), None)
    if last is None:
        return info.question[:200], info.answer
    return str(last.input.get("question") or ""), str(last.input.get("text") or "")

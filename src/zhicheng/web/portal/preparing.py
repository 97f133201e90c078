"""Before and after the form's own pages: fetching with consent what the city knows, and the materials."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from zhicheng.apps.services.public import get_catalogue, possible_needs, reuse_held
from zhicheng.core.forms.public import get_draft, visible_sections
from zhicheng.core.forms.values import Draft
from zhicheng.kit.clock import now
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.form_materials import MaterialPaths, fill_materials, send_document
from zhicheng.web.shared.form_pages import request_owner
from zhicheng.web.shared.form_prefill import offer_sources
from zhicheng.web.shared.signin import needs_account


@require_http_methods(["GET", "POST"])
@needs_account
def prefill(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Which registers may be asked, each with a consent of its own; none is needed to go on.

    Whoever agrees to one need not hand in what it answers: such materials are taken as they are.
    """
    draft = get_draft(draft_id, owner=request_owner(request), now=now())
    if request.method != "POST":
        return offer_sources(request, draft, first_page(draft))
    check_rate(request, "submit")
    if request.POST.getlist("source"):
        draft = reuse_held(draft, owner=request_owner(request), now=now())
    return offer_sources(request, draft, first_page(draft))


@require_http_methods(["GET", "POST"])
@needs_account
def materials(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The materials of all items asked for, each once."""
    if request.method == "POST":
        check_rate(request, "submit")
    draft = get_draft(draft_id, owner=request_owner(request), now=now())
    paths = MaterialPaths("/apply/documents/", first_page(draft), f"/apply/{draft.id}/check/")
    return fill_materials(request, draft, paths, possible_needs(draft.subject, get_catalogue()))


@require_GET
@needs_account
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """One of my own uploads."""
    return send_document(request, document_id)


def first_page(draft: Draft) -> str:
    """Where filling in begins."""
    return f"/apply/{draft.id}/{visible_sections(draft.form, draft.values)[0].code}/"

"""Addresses of a small service that does nothing but let people fill in a form."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from zhicheng.core.forms.public import get_draft
from zhicheng.core.forms.values import MaterialNeed
from zhicheng.kit.clock import now
from zhicheng.web.shared.form_materials import MaterialPaths, fill_materials, send_document
from zhicheng.web.shared.form_pages import FormPaths, fill_section, request_owner, review_sections
from zhicheng.web.shared.form_prefill import offer_sources


def _paths(draft_id: UUID) -> FormPaths:
    return FormPaths(lambda code: f"/draft/{draft_id}/{code}/", f"/draft/{draft_id}/")


def fill(request: HttpRequest, draft_id: UUID, code: str) -> HttpResponse:
    draft = get_draft(draft_id, owner=request_owner(request), now=now())
    return fill_section(request, draft, code, _paths(draft_id))


def review(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = get_draft(draft_id, owner=request_owner(request), now=now())
    pages = review_sections(draft, _paths(draft_id))
    context = {"pages": pages, "draft": draft, "label": draft.form.label, "errors": {}, "back_url": "/", "narrow": True}
    return render(request, "portal/services/check.html", context)


def sources(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = get_draft(draft_id, owner=request_owner(request), now=now())
    return offer_sources(request, draft, f"/draft/{draft_id}/person/")


def materials(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = get_draft(draft_id, owner=request_owner(request), now=now())
    paths = MaterialPaths("/document/", f"/draft/{draft_id}/family/", f"/draft/{draft_id}/")
    return fill_materials(request, draft, paths, [MaterialNeed("id_card")])


urlpatterns = [
    path("sources/<uuid:draft_id>/", sources),
    path("materials/<uuid:draft_id>/", materials),
    path("document/<uuid:document>/", send_document),
    path("draft/<uuid:draft_id>/<slug:code>/", fill),
    path("draft/<uuid:draft_id>/", review),
]
handler404 = "django.views.defaults.page_not_found"

"""Filling in a form page by page, without a script: one section a page, saved at every step, checked at the end.

An app's views find the draft and say where its pages lie (`FormPaths`); everything else is here.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from zhicheng.core.forms.errors import DraftChanged, FormTooLarge, FormUnknown
from zhicheng.core.forms.public import adopt_drafts, check_form, get_draft, owner_of, save_draft, visible_sections
from zhicheng.core.forms.values import Draft, FormSection, Owner, SaveDraft
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.web.shared.form_fields import answers, section_parts
from zhicheng.web.shared.form_posting import posted_values, posted_version

_MOST_STEPS = 5  # more do not fit a phone; the words above say where one is
_KEPT = "form_owner"  # where the session keeps what an anonymous browser shows


@dataclass(frozen=True)
class FormPaths:
    """Where an app shows a draft: the page of a section, what comes after the last one, and where leaving leads."""

    section: Callable[[str], str]
    after: str
    leave: str = "/"


@dataclass(frozen=True)
class _Said:
    """What to show again when a page could not be saved or is not right."""

    errors: Mapping[str, Sequence[str]]
    status: int = 200
    more: str = ""


def request_owner(request: HttpRequest, *, begin: bool = False) -> Owner:
    """Whose drafts this browser may see. Drafts from before signing in are taken along to the account.

    With `begin`, a browser that is not signed in gets a token of its own.
    """
    actor, token = request_actor(request), request.session.get(_KEPT, "")
    if actor.party_id is not None and token:
        adopt_drafts(token, actor.party_id, now=now())
        del request.session[_KEPT]
    elif actor.party_id is None and begin and not token:
        token = request.session[_KEPT] = secrets.token_urlsafe(24)
    return owner_of(actor, token)


def fill_section(request: HttpRequest, draft: Draft, code: str, paths: FormPaths) -> HttpResponse:
    """Show one section of one's own draft, or save it and go on.

    Buttons: `_action` is `next`, `save` (leave, come back later) or `back`; `_add` and `_remove` name a group.

    Raises:
        FormUnknown: the answers so far show no such section.
    """
    section = next((one for one in visible_sections(draft.form, draft.values) if one.code == code), None)
    if section is None:
        raise FormUnknown()
    if request.method != "POST":
        checked = check_form(draft.form, draft.values, now(), section=section)
        wrong = {name: said for name, said in checked.errors.items() if _is_typed(name, draft)}
        return _page(request, draft, section, _Said(wrong))
    return _save(request, draft, section, paths)


def review_sections(draft: Draft, paths: FormPaths) -> list[dict[str, Any]]:
    """Every page with its answers in words, whether it is right, and where to change it."""
    checked = check_form(draft.form, draft.values, now())
    found = []
    for section in visible_sections(draft.form, draft.values):
        names = {each.name for each in section.fields}
        wrong = [s for name, said in checked.errors.items() if name.partition(".")[0] in names for s in said]
        address = paths.section(section.code)
        found.append({"label": section.label, "url": address, "answers": answers(draft, section), "errors": wrong})
    return found


def _save(request: HttpRequest, draft: Draft, section: FormSection, paths: FormPaths) -> HttpResponse:
    typed = posted_values(request.POST, section.fields)
    command = SaveDraft(draft.id, posted_version(request.POST), typed, section.code)
    owner = request_owner(request)
    try:
        saved = save_draft(command, owner=owner, now=now())
    except DraftChanged as error:
        newest = get_draft(draft.id, owner=owner, now=now())
        shown = replace(newest, values={**newest.values, **typed})
        return _page(request, shown, section, _Said({"": [str(error)]}, 409))
    except FormTooLarge as error:
        return _page(request, replace(draft, values={}), section, _Said({"": [str(error)]}, 413))
    return _after(request, saved, section, paths)


def _after(request: HttpRequest, saved: Draft, section: FormSection, paths: FormPaths) -> HttpResponse:
    action = request.POST.get("_action", "next")
    if "_add" in request.POST or "_remove" in request.POST:
        return _page(request, saved, section, _Said({}, more=request.POST.get("_add", "")))
    if action == "save":
        return HttpResponseRedirect(paths.leave)
    codes = [one.code for one in visible_sections(saved.form, saved.values)]
    at = codes.index(section.code) if section.code in codes else 0
    if action == "back":
        return HttpResponseRedirect(paths.section(codes[max(at - 1, 0)]))
    errors = check_form(saved.form, saved.values, now(), section=section).errors
    if errors:
        return _page(request, saved, section, _Said(errors, 422))
    return HttpResponseRedirect(paths.section(codes[at + 1]) if at + 1 < len(codes) else paths.after)


def _page(request: HttpRequest, draft: Draft, section: FormSection, said: _Said) -> HttpResponse:
    shown = visible_sections(draft.form, draft.values)
    codes = [one.code for one in shown]
    at = codes.index(section.code) if section.code in codes else 0
    steps = [
        {"label": one.label, "state": "done" if index < at else "now" if index == at else "todo"}
        for index, one in enumerate(shown)
    ]
    context = {
        "section": "",
        "narrow": True,
        "form": draft.form,
        "page": section,
        "parts": section_parts(draft, section, said.errors, more=said.more),
        "steps": steps if len(steps) <= _MOST_STEPS else [],
        "position": f"第 {at + 1} 页，共 {len(shown)} 页",
        "errors": said.errors,
        "version": draft.version,
        "first": at == 0,
        "saved_at": draft.updated_at if draft.version > 1 else None,
        "expires_at": draft.expires_at,
    }
    return render(request, "shared/form_section.html", context, status=said.status)


def _is_typed(name: str, draft: Draft) -> bool:
    """Whether there is anything that an error on a freshly opened page can be about: gaps are no errors yet."""
    first, _, rest = name.partition(".")
    if not rest:
        return first in draft.values and draft.values[first] != []
    index, _, inner = rest.partition(".")
    members = draft.values.get(first, [])
    return index.isdigit() and int(index) < len(members) and inner in members[int(index)]

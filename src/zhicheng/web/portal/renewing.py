"""Renewing a licence from the wallet or from a reminder: one tap, and the form is there, filled in."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhicheng.apps.licences.public import renewal_of
from zhicheng.apps.services.public import find_renewal, get_catalogue, possible_needs, start_renewal
from zhicheng.core.forms.public import check_form, material_slots, visible_sections
from zhicheng.core.forms.values import Draft
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.form_pages import request_owner
from zhicheng.web.shared.signin import needs_account


@never_cache
@require_http_methods(["GET", "POST"])
@needs_account
def renew(request: HttpRequest, number: str) -> HttpResponse:
    """What will be renewed and is filled in; sent, it opens the form where something is still to be done."""
    actor, at = request_actor(request), now()
    renewal = renewal_of(actor, number[:40], now=at)
    item = get_catalogue().items.get(renewal.item)
    is_online = item is not None and item.can_be_applied_for
    under_way = find_renewal(renewal, actor=actor) if is_online else ""
    if request.method == "POST" and under_way:
        return HttpResponseRedirect(f"/my/services/{under_way}/")
    if request.method == "POST" and is_online:
        check_rate(request, "submit")
        return HttpResponseRedirect(next_page(request, start_renewal(renewal, owner=request_owner(request), now=at)))
    old = renewal.old
    context = {
        "section": "",
        "narrow": True,
        "old": old,
        "lines": [(line.label, old.values[line.code]) for line in renewal.type.fields if old.values.get(line.code)],
        "item": item,
        "is_online": is_online,
        "days": item.promised_working_days if item else 0,
        "instant": bool(item and item.decide),
        "under_way": under_way,
    }
    return render(request, "portal/licences/renew.html", context)


def next_page(request: HttpRequest, draft: Draft) -> str:
    """The first page on which something is to be done; the last one, to look at and submit, where nothing is."""
    wrong = {name.partition(".")[0] for name in check_form(draft.form, draft.values, now()).errors}
    for section in visible_sections(draft.form, draft.values):
        if wrong & {field.name for field in section.fields}:
            return f"/apply/{draft.id}/{section.code}/"
    needs = possible_needs(draft.subject, get_catalogue())
    slots = material_slots(draft, party=request_owner(request).party, now=now(), needs=needs)
    is_missing = any(slot.state == "missing" and slot.need.required for slot in slots)
    return f"/apply/{draft.id}/{'materials' if is_missing else 'check'}/"

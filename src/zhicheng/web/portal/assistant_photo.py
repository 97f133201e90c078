"""A photo for the form that is filled in by talking."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from zhicheng.apps.assistant.public import attach, get_conversation
from zhicheng.apps.assistant.values import Attach
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.portal.assistant_owning import conversation_owner


@require_POST
def add_photo(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Keep the photo; the answer says what it was taken for, or what is wrong with it."""
    check_rate(request, "submit")
    owner = conversation_owner(request)
    address = f"/assistant/{get_conversation(conversation_id, owner=owner).id}/"
    file = request.FILES.get("photo")
    if file is None:
        messages.error(request, "请先选一张照片或一个 PDF。")
        return HttpResponseRedirect(address)
    command = Attach(conversation_id, owner, file.name or "", file.read(), request.POST.get("material", "")[:60])
    try:
        turn = attach(command, actor=request_actor(request), now=now())
    except FieldErrors as error:
        messages.error(request, "；".join(said for sentences in error.fields.values() for said in sentences))
        return HttpResponseRedirect(address)
    except ZhichengError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(address)
    return HttpResponseRedirect(f"{address}#turn-{turn.seq}")

"""The window: an officer takes down that somebody who stands there is who they say, by their document."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhicheng.core.parties.errors import IdentityFixed, TooManyAttempts
from zhicheng.core.parties.public import get_identity, prove_at_window, request_actor
from zhicheng.core.parties.values.identities import DOCUMENTS, WINDOW_REASONS, WindowProof
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show
from zhicheng.web.workbench.once import once

_ADDRESS = "/workbench/identities/"
_TYPED = ("phone", "name", "id_number", "document", "reason")
_FIXED = "这个账号已经实名为另一个人。请本人先在“实名认证”里解除，再来登记。"
_OPTIONS = {
    "document": list(DOCUMENTS.items()),
    "reason": list(WINDOW_REASONS.items()),
    "seen": [("yes", "本人在场，证件是本人的、在有效期内，和以上填写的一致")],
}


@never_cache
@require_http_methods(["GET", "POST"])
@needs_official("parties.prove")
def window(request: HttpRequest) -> HttpResponse:
    """The form; sending it makes the number of the person's account a proven one."""
    if request.method != "POST":
        return _form(request, {}, {})
    values = {name: request.POST.get(name, "").strip()[:60] for name in _TYPED}
    seen = request.POST.get("seen") == "yes"
    try:
        name = _prove(request, WindowProof(**values, seen=seen))
    except FieldErrors as error:
        return _form(request, values, error.fields)
    except IdentityFixed as error:
        return _form(request, values, {"id_number": [_FIXED]}, status=error.kind.value)
    except TooManyAttempts as error:
        return _form(request, values, {"": [str(error)]}, status=error.kind.value)
    messages.success(request, f"已登记：{name} 的账号已实名（窗口当面核验）。您的姓名和时间记入操作账本。")
    return HttpResponseRedirect(_ADDRESS)


def _prove(request: HttpRequest, proof: WindowProof) -> str:
    """The masked name of whoever is proven now."""

    def make() -> dict[str, str]:
        found = get_identity(prove_at_window(proof, actor=request_actor(request), now=now()))
        return {"name": found.name if found else ""}

    body = {name: getattr(proof, name) for name in (*_TYPED, "seen")}
    return str(once(request, "identities", body, make)["name"])


def _form(
    request: HttpRequest, values: dict[str, str], errors: dict[str, list[str]], *, status: int = 422
) -> HttpResponse:
    context = {"values": values, "errors": errors, "options": _OPTIONS, "idempotency_key": new_key()}
    return show(request, "workbench/identity.html", context, status=status if errors else 200)

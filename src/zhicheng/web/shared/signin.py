"""Pages that need an account: signed-out people are sent to sign in and back."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from zhicheng.core.parties.public import request_actor
from zhicheng.core.parties.values import ActorKind
from zhicheng.kit.errors import ErrorKind, ZhichengError

View = Callable[..., HttpResponse]


class SignInNeeded(ZhichengError):
    """Programs get 401; people are redirected instead."""

    code = "signin.needed"
    kind = ErrorKind.UNAUTHENTICATED
    message = "请先登录。"


class NotForYou(ZhichengError):
    """Signed in, but without the permission that the page needs."""

    code = "signin.not_permitted"
    kind = ErrorKind.FORBIDDEN
    message = "您的账号没有使用这项功能的权限。如有需要，请联系本单位管理员。"


def needs_account(view: View) -> View:
    """Only for somebody who is signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request_actor(request).account_id is None:
            return _to_sign_in(request, "/signin/")
        return view(request, *args, **kwargs)

    return guarded


def needs_official(*permissions: str) -> Callable[[View], View]:
    """Only for officials; with permissions, only for those who hold one of them."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            actor = request_actor(request)
            if actor.account_id is None:
                return _to_sign_in(request, "/signin/official/")
            if actor.kind is not ActorKind.OFFICIAL or (permissions and not actor.permissions & set(permissions)):
                raise NotForYou()
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _to_sign_in(request: HttpRequest, where: str) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", ""):
        raise SignInNeeded()
    target = request.get_full_path() if request.method == "GET" else "/"
    return HttpResponseRedirect(f"{where}?next={quote(target)}")

"""How a reader wants pages to look: theme and letter size, kept in two cookies, without an account or a script."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEMES = ("auto", "light", "dark")
LETTERS = ("normal", "big")
KEPT_FOR = timedelta(days=365)


@dataclass(frozen=True)
class Preferences:
    """A checked choice: a forged cookie counts as none."""

    theme: str = "auto"
    letters: str = "normal"

    @classmethod
    def of(cls, request: HttpRequest | None) -> "Preferences":
        """The choice in the request's cookies; the defaults where there is no request (error pages)."""
        if request is None:
            return cls()
        return cls(
            theme=_one_of(THEMES, request.COOKIES.get("theme", "")),
            letters=_one_of(LETTERS, request.COOKIES.get("letters", "")),
        )


@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Store what the form gives (`theme`, `letters`; either may be missing) and return to the page it came from."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, allowed in (("theme", THEMES), ("letters", LETTERS)):
        if request.POST.get(name) in allowed:
            response.set_cookie(
                name,
                request.POST[name],
                max_age=KEPT_FOR,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
            )
    return response


def _one_of(allowed: tuple[str, ...], value: str) -> str:
    return value if value in allowed else allowed[0]

"""Views of the style guide. They read nothing but the samples beside them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from zhicheng.kit import clock
from zhicheng.web.styleguide import ground, samples
from zhicheng.web.styleguide.groups import GROUPS
from zhicheng.web.styleguide.pages import PAGES

THEMES = ("light", "dark")
CITY: dict[str, Any] = {"pack": {"name": "榕江"}, "viewer": None, "unread": 0}


def index(request: HttpRequest) -> HttpResponse:
    """All component groups and all pages."""
    faces: dict[str, list[tuple[str, str]]] = {}
    for name, sample in PAGES.items():
        faces.setdefault(sample.face, []).append((name, sample.title))
    return render(request, "styleguide/index.html", {**CITY, "groups": GROUPS, "faces": faces})


def group(request: HttpRequest, code: str) -> HttpResponse:
    """One group of components in every state; `?theme=dark` and `?letters=big` change the looks.

    Raises:
        Http404: there is no such group.
    """
    found = next((each for each in GROUPS if each.code == code), None)
    if found is None:
        raise Http404
    theme = request.GET.get("theme", "light")
    looks = {"theme": theme if theme in THEMES else "light", "big": request.GET.get("letters") == "big"}
    context = {**CITY, **looks, "group": found, **samples.load(code, clock.now())}
    return render(request, f"styleguide/groups/{code}.html", context)


def page(request: HttpRequest, name: str) -> HttpResponse:
    """One whole page with sample data.

    Raises:
        Http404: there is no such page.
    """
    sample = PAGES.get(name)
    if sample is None:
        raise Http404
    return render(request, sample.template, {**CITY, **sample.context(clock.now())})


def areas(request: HttpRequest) -> HttpResponse:
    """An invented town's districts, for maps in the samples."""
    del request
    return JsonResponse(ground.districts())


def events(request: HttpRequest) -> HttpResponse:
    """A feed that says nothing: one comment line, then the end; the browser asks again after an hour."""
    del request
    return HttpResponse("retry: 3600000\n: quiet\n\n", content_type="text/event-stream")


def points(request: HttpRequest) -> HttpResponse:
    """Invented open cases on the invented town's map."""
    del request
    return JsonResponse(ground.cases())

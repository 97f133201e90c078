"""Pages of one's own account stand in the frame of the face from which their reader comes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhicheng.core.parties.public import request_actor
from zhicheng.core.parties.values import ActorKind
from zhicheng.web.workbench.frame import show


def show_in_shell(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page inside the workbench for an official, inside the portal for a resident."""
    if request_actor(request).kind is ActorKind.OFFICIAL:
        return show(request, template, {"shell": "workbench/shell.html", **context}, status=status)
    return render(request, template, {"shell": "portal/shell.html", "narrow": True, **context}, status=status)

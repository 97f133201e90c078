"""Whose conversations a caller of the API may see. Each way of being somebody has a name of its own."""

from django.http import HttpRequest

from zhicheng.core.forms.public import owner_of
from zhicheng.core.forms.values import Owner
from zhicheng.core.parties.public import request_actor
from zhicheng.core.parties.values import ANONYMOUS


def caller(request: HttpRequest, token: str = "") -> Owner:
    """The person signed in, the system with its key, else whoever shows the token of a conversation."""
    actor = request_actor(request)
    if actor.party_id is not None:
        return owner_of(actor)
    if actor.account_id is not None:
        return owner_of(ANONYMOUS, f"account:{actor.account_id}")
    return owner_of(ANONYMOUS, f"header:{token}" if token else "")


def thread_caller(request: HttpRequest) -> Owner:
    """As `caller`; chat clients without a key share a name, under which nothing can be listed or opened."""
    found = caller(request)
    return found if found.party or found.token else owner_of(ANONYMOUS, "thread:anonymous")

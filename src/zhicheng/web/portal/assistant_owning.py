"""Whose conversations a browser may see: those of the person signed in, else those of the token it was given."""

import secrets

from django.http import HttpRequest

from zhicheng.apps.assistant.public import adopt_conversations
from zhicheng.core.forms.public import adopt_drafts, owner_of
from zhicheng.core.forms.values import Owner
from zhicheng.core.parties.public import request_actor
from zhicheng.core.parties.values import ANONYMOUS
from zhicheng.kit.clock import now

_KEPT = "assistant_owner"


def conversation_owner(request: HttpRequest, *, begin: bool = False) -> Owner:
    """The owner behind a request. What was said before signing in goes along to the account, drafts included.

    With `begin`, a browser that is not signed in gets a token of its own.
    """
    actor, token = request_actor(request), request.session.get(_KEPT, "")
    if actor.party_id is not None and token:
        adopt_conversations(owner_of(ANONYMOUS, token), actor.party_id)
        adopt_drafts(token, actor.party_id, now=now())
        del request.session[_KEPT]
    elif actor.party_id is None and begin and not token:
        token = request.session[_KEPT] = secrets.token_urlsafe(24)
    return owner_of(actor, token)

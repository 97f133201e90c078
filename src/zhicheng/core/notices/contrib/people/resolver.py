"""Asks parties for the telephone number or e-mail address of a `party:<uuid>`, at the moment of sending."""

from uuid import UUID

from zhicheng.core.notices.values import Channel
from zhicheng.core.parties.errors import PartyNotFound
from zhicheng.core.parties.public import contact_of

_FIELDS = {Channel.SMS: "phone", Channel.EMAIL: "email"}


def resolve_party(recipient: str, channel: Channel) -> str | None:
    """The contact, or None: another kind of recipient, an erased party, or nothing given."""
    kind, _, identifier = recipient.partition(":")
    if kind != "party" or channel not in _FIELDS:
        return None
    try:
        return contact_of(UUID(identifier), _FIELDS[channel]) or None
    except PartyNotFound:
        return None

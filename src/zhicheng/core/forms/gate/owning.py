"""Who a draft belongs to."""

from collections.abc import Sequence

from zhicheng.core.forms.values import Owner
from zhicheng.core.parties.public import keyring
from zhicheng.core.parties.values import Actor

TOKEN_LENGTH = 32


def owner_of(actor: Actor, token: str = "") -> Owner:
    """The owner for whoever asks: the party when signed in, else the browser that shows this token.

    Nobody for who acts for a company that does not let them apply.
    """
    if actor.party_id:
        return Owner(party=actor.party_id) if actor.may("services") else Owner()
    return Owner(token=token_hash(token) if token else "")


def token_hash(token: str) -> str:
    """The keyed hash of a browser's token: the table does not tell who may open a draft."""
    return keyring().digest("forms.token", token).hex()


def owner_keys(owner: Owner) -> Sequence[str]:
    """The owner column's value; none for somebody without party and token."""
    return [owner.key] if owner.party or owner.token else []

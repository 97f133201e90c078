"""The check before an administrator does something with an account, and the first passwords that they hand over."""

import secrets
from datetime import datetime
from uuid import UUID

from zhicheng.core.parties.errors import ManagingRefused
from zhicheng.core.parties.policy.duties import managing_fault
from zhicheng.core.parties.policy.signin import password_fault
from zhicheng.core.parties.queries.administration import list_lasting_grants
from zhicheng.core.parties.queries.units import get_unit_tree
from zhicheng.core.parties.values import Actor

_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that people mistake for another
_GROUPS, _GROUP_LENGTH = 4, 4


def check_managing(actor: Actor, act: str, account_id: UUID, *, now: datetime) -> None:
    """Refuse an act of `policy.duties.MANAGING_ACTS`.

    Raises:
        ManagingRefused: the actor may not do it with this account.
    """
    held = list_lasting_grants(account_id, now=now)
    if fault := managing_fault(actor, act, account_id=account_id, held=held, tree=get_unit_tree()):
        raise ManagingRefused(reason=fault)


def draw_password(login: str) -> str:
    """A first password for a login name: 16 random letters and digits that can be read out over the telephone."""
    while True:
        groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
        password = "-".join(groups)
        if not password_fault(password, login=login):
            return password

"""Django's side of a session: from the account id in it to the account. Passwords are checked in operations only."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from zhicheng.core.parties.models import Account


class AccountBackend(BaseBackend):
    """Finds the account of a session; never authenticates by itself, so nothing walks past the lockout."""

    def get_user(self, user_id: Any) -> Account | None:
        """The account, unless it was switched off."""
        try:
            return Account.objects.filter(id=UUID(str(user_id)), is_active=True).first()
        except ValueError:
            return None

"""Accounts: residents, officials and services on one user model, and their open sessions."""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q


class Account(AbstractBaseUser):
    """Someone who can sign in. AUTH_USER_MODEL.

    `login` is the login name of an official or service; of a resident it is `phone:` and the keyed hash of
    the number, so that two first sign-ins at once make one account. `display_name` of a resident is never
    the full name.
    """

    id = models.UUIDField(primary_key=True)
    login = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12)
    display_name = models.CharField(max_length=60, blank=True)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    failed_count = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)
    must_change_password = models.BooleanField(default=False)
    totp_sealed = models.BinaryField(null=True)
    totp_key_id = models.IntegerField(null=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    USERNAME_FIELD = "login"

    class Meta:
        """Partial indexes: most accounts, being residents', are in none."""

        indexes = (
            models.Index(fields=["login"], name="account_managed", condition=~Q(kind="resident")),
            models.Index(fields=["party"], name="account_party", condition=Q(party__isnull=False)),
            models.Index(fields=["totp_key_id"], name="account_rotation", condition=Q(totp_key_id__isnull=False)),
        )

    def __str__(self) -> str:
        return str(self.id)


class AccountSession(models.Model):
    """One open session of an account, so that it can be shown, limited in number and ended."""

    session_key = models.CharField(primary_key=True, max_length=40)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    device = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account_id)

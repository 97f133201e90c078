"""What signing in keeps: codes sent by SMS, keys of services, failures by address. Hashes, no secrets."""

from django.db import models


class SmsCode(models.Model):
    """A code sent to a telephone. Both the number and the code are kept as keyed hashes."""

    id = models.UUIDField(primary_key=True)
    phone_hash = models.BinaryField()
    code_hash = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        """The newest code of a number first."""

        indexes = (models.Index(fields=["phone_hash", "-created_at"], name="sms_code_phone"),)

    def __str__(self) -> str:
        return str(self.id)


class ApiKey(models.Model):
    """A service's key: `prefix` finds it, `secret_hash` proves it."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey("parties.Account", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=16, unique=True)
    secret_hash = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.prefix


class SignInThrottle(models.Model):
    """How often one network address (keyed hash) failed or asked within the present window."""

    key = models.BinaryField(primary_key=True)
    started_at = models.DateTimeField()
    count = models.IntegerField()

    def __str__(self) -> str:
        return str(self.started_at)

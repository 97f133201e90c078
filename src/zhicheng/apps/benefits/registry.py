"""Payment providers: `settings.PAYMENT_PROVIDER` names the one in use, the bank's batch file unless set."""

from django.conf import settings

from zhicheng.apps.benefits.base import PaymentProvider
from zhicheng.kit.registry import Registry

payment_providers: Registry[PaymentProvider] = Registry("payment provider")
DEFAULT = "bank_file"


def current_provider() -> tuple[str, PaymentProvider]:
    """The provider in use with its code.

    Raises:
        KeyError: no provider has that name.
    """
    code = getattr(settings, "PAYMENT_PROVIDER", DEFAULT)
    return code, payment_providers[code]

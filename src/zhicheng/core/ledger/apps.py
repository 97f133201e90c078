"""Django registration of `ledger`."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Ledger: see the package docstring."""

    name = "zhicheng.core.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

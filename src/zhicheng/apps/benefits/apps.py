"""Django registration of `benefits`."""

from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    """Registers sections of a pack, the payment provider, receivers, and the re-sealing of this package's rows."""

    name = "zhicheng.apps.benefits"
    label = "benefits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from zhicheng.apps.benefits import receivers, sections  # noqa: F401
        from zhicheng.apps.benefits.contrib.bank_file.provider import BankFile
        from zhicheng.apps.benefits.operations.correcting import reseal_corrections
        from zhicheng.apps.benefits.registry import DEFAULT, payment_providers
        from zhicheng.core.parties.public import sealed_rows

        payment_providers.add(DEFAULT, BankFile())
        sealed_rows.add("benefits", reseal_corrections)

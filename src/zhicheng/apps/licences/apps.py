"""Django registration of `licences`."""

from django.apps import AppConfig


class LicencesConfig(AppConfig):
    """Registers the section of a pack, the re-sealing of rows, and licences as prefill and material of forms."""

    name = "zhicheng.apps.licences"
    label = "licences"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from zhicheng.apps.licences import receivers, sections  # noqa: F401
        from zhicheng.apps.licences.contrib.forms import LICENCES, offer_licences
        from zhicheng.apps.licences.operations.sealing import reseal_licences
        from zhicheng.core.forms.public import holdings, prefill_sources
        from zhicheng.core.parties.public import sealed_rows

        sealed_rows.add("licences", reseal_licences)
        prefill_sources.add(LICENCES.code, LICENCES)
        holdings.add(LICENCES.code, offer_licences)

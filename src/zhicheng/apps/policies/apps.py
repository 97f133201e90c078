"""Django registration of `policies`."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """Registers the section of a pack, the receiver of a new release, the sealed profiles."""

    name = "zhicheng.apps.policies"
    label = "policies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from zhicheng.apps.policies import receivers, sections  # noqa: F401
        from zhicheng.apps.policies.operations.profiles import reseal_profiles
        from zhicheng.core.parties.public import sealed_rows

        sealed_rows.add("policies", reseal_profiles)

"""Django registration of `notices`."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices: see the package docstring."""

    name = "zhicheng.core.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the part of a pack, the receivers of events and the providers that come with the house."""
        from zhicheng.core.notices import receivers  # noqa: F401
        from zhicheng.core.notices.contrib.failing.provider import FailingProvider
        from zhicheng.core.notices.contrib.files.provider import FilesProvider
        from zhicheng.core.notices.contrib.people.resolver import resolve_party
        from zhicheng.core.notices.registry import contact_resolvers, providers
        from zhicheng.core.notices.sections import register

        providers.add("files", FilesProvider())
        providers.add("failing", FailingProvider(may_retry=True))
        contact_resolvers.add("parties", resolve_party)
        register()

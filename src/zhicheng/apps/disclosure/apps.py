"""Django registration of `disclosure`."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """Registers the sections of a pack, the receivers of events and the hooks of its processes."""

    name = "zhicheng.apps.disclosure"
    label = "disclosure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from zhicheng.apps.disclosure import receivers, sections  # noqa: F401
        from zhicheng.apps.disclosure.operations.preparing import prepare, prepare_opinion
        from zhicheng.core.cases.public import ProcessHooks, process_hooks

        process_hooks.add("disclosure", ProcessHooks(prepare))
        process_hooks.add("disclosure_consultation", ProcessHooks(prepare_opinion))

"""Django registration of `appeals`."""

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """Registers the sections of a pack, the receivers of events and the hooks of the appeal process."""

    name = "zhicheng.apps.appeals"
    label = "appeals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from zhicheng.apps.appeals import receivers, sections  # noqa: F401
        from zhicheng.apps.appeals.operations.preparing import prepare
        from zhicheng.core.cases.public import ProcessHooks, process_hooks

        process_hooks.add("appeal", ProcessHooks(prepare))

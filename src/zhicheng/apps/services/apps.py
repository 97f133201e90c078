"""Django registration of `services`."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """Registers the part of a pack that services read, the receivers of events and the hooks of their process."""

    name = "zhicheng.apps.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from zhicheng.apps.services import receivers, sections  # noqa: F401
        from zhicheng.apps.services.operations.preparing import prepare
        from zhicheng.apps.services.queries.waivers import PROVIDER, held_by_register
        from zhicheng.core.cases.public import ProcessHooks, process_hooks
        from zhicheng.core.forms.public import holdings

        holdings.add(PROVIDER, held_by_register)
        process_hooks.add("application", ProcessHooks(prepare))

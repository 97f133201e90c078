"""Django registration of `places`."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Places: see the package docstring."""

    name = "zhicheng.core.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the parts of a pack that places reads."""
        from zhicheng.core.places.sections import register

        register()

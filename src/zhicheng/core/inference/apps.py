"""Django registration of `inference`."""

from django.apps import AppConfig


class InferenceConfig(AppConfig):
    """Inference: see the package docstring."""

    name = "zhicheng.core.inference"
    label = "inference"
    default_auto_field = "django.db.models.BigAutoField"

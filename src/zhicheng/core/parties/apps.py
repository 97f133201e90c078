"""Django registration of `parties`."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Registers the sections of a pack and the embedded code sender."""

    name = "zhicheng.core.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what plugs into registries."""
        from zhicheng.core.parties.contrib.file_sender import send_to_file
        from zhicheng.core.parties.registry import code_senders
        from zhicheng.core.parties.sections import register

        register()
        if "file" not in code_senders:
            code_senders.add("file", send_to_file)

"""Django registration of `forms`."""

from collections.abc import Sequence

from django.apps import AppConfig

from zhicheng.core.forms.base import TextLine


class FormsConfig(AppConfig):
    """Forms: see the package docstring."""

    name = "zhicheng.core.forms"
    label = "forms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the sections of a pack, and the sources, providers and readers that come with the house."""
        from zhicheng.core.forms.contrib.earlier import PROVIDER, offer_earlier
        from zhicheng.core.forms.contrib.lake import COMPANY, POPULATION
        from zhicheng.core.forms.contrib.profile import PROFILE
        from zhicheng.core.forms.operations.resealing import reseal_forms
        from zhicheng.core.forms.registry import holdings, prefill_sources, text_readers
        from zhicheng.core.forms.sections import register
        from zhicheng.core.parties.public import sealed_rows

        for source in (PROFILE, POPULATION, COMPANY):
            prefill_sources.add(source.code, source)
        holdings.add(PROVIDER, offer_earlier)
        text_readers.add("ocr", _read_text)
        sealed_rows.add("forms", reseal_forms)
        register()


def _read_text(content: bytes, media_type: str) -> Sequence[TextLine]:
    """Load the engine when the first document comes: 490 MB that only a worker should carry."""
    from zhicheng.core.forms.contrib.ocr import read_text

    return read_text(content, media_type)

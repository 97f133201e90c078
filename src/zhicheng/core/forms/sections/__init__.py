"""What a pack says about forms and materials."""

from zhicheng.core.forms.sections import forms, materials


def register() -> None:
    """Register both sections; materials first, because forms name them."""
    materials.register()
    forms.register()

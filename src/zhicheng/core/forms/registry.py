"""Prefill sources, holding providers and text readers of this installation."""

from zhicheng.core.forms.base import HoldingProvider, PrefillSource, TextReader
from zhicheng.kit.registry import Registry

prefill_sources: Registry[PrefillSource] = Registry("prefill source")
holdings: Registry[HoldingProvider] = Registry("holding provider")
text_readers: Registry[TextReader] = Registry("text reader")

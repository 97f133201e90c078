"""The parts of a pack that services read: items, themes, life events, material types."""

from zhicheng.apps.services.sections import catalogue

__all__ = ["catalogue"]

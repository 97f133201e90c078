"""Tables of appeals."""

from zhicheng.apps.appeals.models.appeal import Appeal, Support

__all__ = ["Appeal", "Support"]

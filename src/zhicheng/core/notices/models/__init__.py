"""Tables of notices."""

from zhicheng.core.notices.models.notice import Notice

__all__ = ["Notice"]

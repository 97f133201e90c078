"""The API of policies."""

from zhicheng.apps.policies.api.routes import router

__all__ = ["router"]

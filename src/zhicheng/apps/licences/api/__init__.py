"""The API of licences."""

from zhicheng.apps.licences.api.routes import router

__all__ = ["router"]

"""The HTTP API of appeals. Assembled into one OpenAPI document by `config.api`."""

from zhicheng.apps.appeals.api.routes import router

__all__ = ["router"]

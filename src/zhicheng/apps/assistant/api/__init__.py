"""The API of the assistant: conversations of our own form, and the form that chat clients speak."""

from zhicheng.apps.assistant.api.calls import router as calls_router
from zhicheng.apps.assistant.api.completions import router as completions_router
from zhicheng.apps.assistant.api.routes import router

__all__ = ["calls_router", "completions_router", "router"]

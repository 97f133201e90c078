"""The door of inference: the embedder, the chat model, the meter."""

from zhicheng.core.inference.errors import ModelFailed, ModelNotConfigured
from zhicheng.core.inference.operations import ask_chat, forget_failures, stream_chat
from zhicheng.core.inference.queries import get_embedder, has_chat, read_meter
from zhicheng.core.inference.values import ChatMessage, ChatReply, ChatRequest, Embedder, MeterLine, Usage

__all__ = [
    "ChatMessage",
    "ChatReply",
    "ChatRequest",
    "Embedder",
    "MeterLine",
    "ModelFailed",
    "ModelNotConfigured",
    "Usage",
    "ask_chat",
    "forget_failures",
    "get_embedder",
    "has_chat",
    "read_meter",
    "stream_chat",
]

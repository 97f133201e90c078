"""Typed values of inference: what an embedder must be able to do, what is asked of a chat model and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["ChatMessage", "ChatReply", "ChatRequest", "Embedder", "Endpoint", "MeterLine", "Usage", "Vectors"]

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns short texts (titles, questions, headings) into vectors whose dot product says how alike they mean."""

    @property
    def name(self) -> str:
        """Which model, with its version: vectors of different names are never compared."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, float32 (texts, dimensions); an empty text has the zero vector."""


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible server and one of its models; `timeout_s` is for the whole answer."""

    url: str
    model: str
    key: str = ""
    timeout_s: float = 8.0


@dataclass(frozen=True)
class ChatMessage:
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class ChatRequest:
    """What a chat model is asked. `purpose` (rephrase, plain_language …) is what the meter counts by."""

    messages: tuple[ChatMessage, ...]
    purpose: str
    max_tokens: int = 600
    temperature: float = 0.0


@dataclass(frozen=True)
class Usage:
    """Tokens as the server counted them; 0 where it does not say."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True)
class ChatReply:
    """What a chat model said. Nobody may take it for checked."""

    text: str
    model: str
    usage: Usage
    seconds: float


@dataclass(frozen=True)
class MeterLine:
    """Calls of one model for one purpose that ended alike."""

    kind: str
    model: str
    purpose: str
    outcome: str
    calls: int
    prompt_tokens: int
    completion_tokens: int

"""Embeddings from an OpenAI-compatible address."""

from collections.abc import Sequence

import httpx
import numpy as np

from zhicheng.core.inference.errors import ModelFailed
from zhicheng.core.inference.values import Endpoint, Vectors

_AT_ONCE = 64


class RemoteEmbedder:
    """Texts go out in batches; an address that answers with vectors of another length is refused."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._dimensions = 0

    @property
    def name(self) -> str:
        """The model and where it runs."""
        return f"{self._endpoint.model}@{self._endpoint.url}"

    @property
    def dimensions(self) -> int:
        """Length of a vector, as the address gives it."""
        if not self._dimensions:
            self._dimensions = self._ask(["维度"]).shape[1]
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1.

        Raises:
            ModelFailed: slow, down, refused or nonsense.
        """
        parts = [self._ask(texts[start : start + _AT_ONCE]) for start in range(0, len(texts), _AT_ONCE)]
        return np.concatenate([np.empty((0, self.dimensions), np.float32), *parts])

    def _ask(self, texts: Sequence[str]) -> Vectors:
        headers = {"Authorization": f"Bearer {self._endpoint.key}"} if self._endpoint.key else {}
        body = {"model": self._endpoint.model, "input": [text or " " for text in texts]}
        url = self._endpoint.url.rstrip("/") + "/embeddings"
        try:
            answer = httpx.post(url, json=body, headers=headers, timeout=self._endpoint.timeout_s)
            answer.raise_for_status()
            rows = sorted(answer.json()["data"], key=lambda row: row["index"])
            vectors = np.array([row["embedding"] for row in rows], np.float32)
        except httpx.TimeoutException as error:
            raise ModelFailed(outcome="slow") from error
        except httpx.HTTPError as error:
            raise ModelFailed(outcome="down") from error
        except (ValueError, LookupError, TypeError) as error:
            raise ModelFailed(outcome="nonsense") from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise ModelFailed(outcome="nonsense")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        filled = np.array([bool(text.strip()) for text in texts])[:, None]
        found: Vectors = np.where(filled, vectors / np.maximum(lengths, 1e-9), 0).astype(np.float32)
        return found

"""Which embedders an index is made with: vectors of others are never compared with its own."""

from dataclasses import dataclass

from zhicheng.core.inference.values import Embedder


@dataclass(frozen=True)
class Embedders:
    """`quick` for every short text; `careful`, ten times slower, for titles and first sentences of few documents."""

    quick: Embedder | None = None
    careful: Embedder | None = None

    @property
    def name(self) -> str:
        """Both names; another name asks for another index."""
        return "+".join(one.name for one in (self.quick, self.careful) if one)

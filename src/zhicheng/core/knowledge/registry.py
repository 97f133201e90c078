"""Where apps say which documents they contribute, and who checks what a document refers to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from zhicheng.core.knowledge.values import DocumentText
from zhicheng.core.packs.public import PackSource
from zhicheng.kit.registry import Registry


@dataclass(frozen=True)
class DocumentSource:
    """Documents of one app.

    `list_documents` gives all of them. `get_state` is cheap and returns another text (≤ 200 characters) when they may
    have changed; the worker asks it every few seconds and gathers the documents only then.
    """

    list_documents: Callable[[], Iterable[DocumentText]]
    get_state: Callable[[], str]


document_sources: Registry[DocumentSource] = Registry("document source")

# Which codes of a kind of reference (`services`, `policies`, `benefits`, `department`) a pack knows; None where the
# pack says nothing about them. Registered by whoever owns them, asked when `faqs` are checked.
KnownCodes = Callable[[PackSource], frozenset[str] | None]
known_references: Registry[KnownCodes] = Registry("known references")

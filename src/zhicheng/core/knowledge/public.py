"""The door of knowledge: put documents in, search them; train a classifier, ask it, teach it."""

from zhicheng.core.knowledge.gate import KnowledgeIndex
from zhicheng.core.knowledge.operations.documents import gather_documents, put_documents, remove_documents
from zhicheng.core.knowledge.operations.indexing import is_index_to_be_made, rebuild_index, refresh_index
from zhicheng.core.knowledge.operations.learning import (
    confirm_example,
    retrain_if_grown,
    train_classifier,
    withdraw_example,
)
from zhicheng.core.knowledge.policy import mask_personal
from zhicheng.core.knowledge.queries.classifying import (
    classify,
    classify_batch,
    count_confirmed,
    forget_classifiers,
    get_classifier,
    list_classifiers,
)
from zhicheng.core.knowledge.queries.documents import get_document, list_documents
from zhicheng.core.knowledge.queries.searching import get_index_state, search, spell_out
from zhicheng.core.knowledge.registry import DocumentSource, document_sources, known_references
from zhicheng.core.knowledge.values import (
    Classification,
    ClassifierFigures,
    DocumentText,
    Example,
    Figures,
    Hint,
    Hit,
    IndexFigures,
    IndexState,
    PutFigures,
    SearchQuery,
)

__all__ = [
    "Classification",
    "ClassifierFigures",
    "DocumentSource",
    "DocumentText",
    "Example",
    "Figures",
    "Hint",
    "Hit",
    "IndexFigures",
    "IndexState",
    "KnowledgeIndex",
    "PutFigures",
    "SearchQuery",
    "classify",
    "classify_batch",
    "confirm_example",
    "count_confirmed",
    "document_sources",
    "forget_classifiers",
    "gather_documents",
    "get_classifier",
    "get_document",
    "get_index_state",
    "is_index_to_be_made",
    "known_references",
    "list_classifiers",
    "list_documents",
    "mask_personal",
    "put_documents",
    "rebuild_index",
    "refresh_index",
    "remove_documents",
    "retrain_if_grown",
    "search",
    "spell_out",
    "train_classifier",
    "withdraw_example",
]

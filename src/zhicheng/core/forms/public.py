"""The only door to forms: definitions, drafts, prefilling, materials, submissions."""

from zhicheng.core.forms.base import HoldingProvider, PrefillSource, TextLine, TextReader
from zhicheng.core.forms.gate.owning import owner_of
from zhicheng.core.forms.gate.readers import check_form, form_by_hash, get_form
from zhicheng.core.forms.operations.documents import add_document, choose_held, drop_held, remove_document
from zhicheng.core.forms.operations.drafts import adopt_drafts, delete_draft, save_draft, start_draft
from zhicheng.core.forms.operations.prefilling import agree_to_source, fill_from_documents, fill_given, prefill_draft
from zhicheng.core.forms.operations.reading import read_document, read_waiting
from zhicheng.core.forms.operations.resealing import reseal_forms
from zhicheng.core.forms.operations.submitting import prepare_submission, submission_parts, submit_form
from zhicheng.core.forms.operations.sweeping import sweep_forms
from zhicheng.core.forms.policy.conditions import visible_items, visible_names, visible_sections
from zhicheng.core.forms.policy.parsing import parse_need
from zhicheng.core.forms.policy.showing import in_words, source_words, to_input
from zhicheng.core.forms.queries.documents import find_contradictions, list_documents, list_earlier_documents
from zhicheng.core.forms.queries.drafts import get_draft, list_drafts
from zhicheng.core.forms.queries.materials import find_material, material_types
from zhicheng.core.forms.queries.slots import get_document, material_slots, read_document_of
from zhicheng.core.forms.queries.sources import list_offered_sources
from zhicheng.core.forms.queries.submissions import find_submission, get_submission, list_submissions, show_values
from zhicheng.core.forms.registry import holdings, prefill_sources, text_readers

__all__ = [
    "HoldingProvider",
    "PrefillSource",
    "TextLine",
    "TextReader",
    "add_document",
    "adopt_drafts",
    "agree_to_source",
    "check_form",
    "choose_held",
    "delete_draft",
    "drop_held",
    "fill_from_documents",
    "fill_given",
    "find_contradictions",
    "find_material",
    "find_submission",
    "form_by_hash",
    "get_document",
    "get_draft",
    "get_form",
    "get_submission",
    "holdings",
    "in_words",
    "list_documents",
    "list_drafts",
    "list_earlier_documents",
    "list_offered_sources",
    "list_submissions",
    "material_slots",
    "material_types",
    "owner_of",
    "parse_need",
    "prefill_draft",
    "prefill_sources",
    "prepare_submission",
    "read_document",
    "read_document_of",
    "read_waiting",
    "remove_document",
    "reseal_forms",
    "save_draft",
    "show_values",
    "source_words",
    "start_draft",
    "submission_parts",
    "submit_form",
    "sweep_forms",
    "text_readers",
    "to_input",
    "visible_items",
    "visible_names",
    "visible_sections",
]

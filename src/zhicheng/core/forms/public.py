"""The only door to forms: definitions, drafts, prefilling, materials, submissions."""

from zhicheng.core.forms.base import HoldingProvider, PrefillSource, TextLine, TextReader
from zhicheng.core.forms.gate.owning import owner_of
from zhicheng.core.forms.gate.readers import check_form, form_by_hash, get_form
from zhicheng.core.forms.operations.drafts import adopt_drafts, delete_draft, save_draft, start_draft
from zhicheng.core.forms.operations.submitting import prepare_submission, submission_parts, submit_form
from zhicheng.core.forms.policy.conditions import visible_items, visible_names, visible_sections
from zhicheng.core.forms.policy.parsing import parse_need
from zhicheng.core.forms.policy.showing import in_words, source_words, to_input
from zhicheng.core.forms.queries.documents import find_contradictions, list_documents
from zhicheng.core.forms.queries.drafts import get_draft, list_drafts
from zhicheng.core.forms.queries.materials import find_material, material_types
from zhicheng.core.forms.queries.submissions import find_submission, get_submission, list_submissions, show_values
from zhicheng.core.forms.registry import holdings, prefill_sources, text_readers

__all__ = [
    "HoldingProvider",
    "PrefillSource",
    "TextLine",
    "TextReader",
    "adopt_drafts",
    "check_form",
    "delete_draft",
    "find_contradictions",
    "find_material",
    "find_submission",
    "form_by_hash",
    "get_draft",
    "get_form",
    "get_submission",
    "holdings",
    "in_words",
    "list_documents",
    "list_drafts",
    "list_submissions",
    "material_types",
    "owner_of",
    "parse_need",
    "prefill_sources",
    "prepare_submission",
    "save_draft",
    "show_values",
    "source_words",
    "start_draft",
    "submission_parts",
    "submit_form",
    "text_readers",
    "to_input",
    "visible_items",
    "visible_names",
    "visible_sections",
]

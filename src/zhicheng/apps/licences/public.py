"""The only door to licences."""

from zhicheng.apps.licences.operations.issuing import issue_licence, licence_parts, prepare_licence
from zhicheng.apps.licences.operations.keys import rotate_issuer_key
from zhicheng.apps.licences.operations.presenting import licence_credential, present_licence
from zhicheng.apps.licences.operations.reminding import remind_expiring, renewal_of
from zhicheng.apps.licences.operations.status import (
    resume_licence,
    reveal_licence,
    revoke_licence,
    suspend_licence,
)
from zhicheng.apps.licences.operations.verifying import purge_presentations, verify_shown
from zhicheng.apps.licences.policy.answers import SENTENCES
from zhicheng.apps.licences.policy.terms import term_end
from zhicheng.apps.licences.queries.licences import (
    get_my_licence,
    get_old_licence,
    get_party_licence,
    get_unit_licence,
    held_licences,
    licences_from,
    list_my_licences,
    list_unit_licences,
)
from zhicheng.apps.licences.queries.lines import day_words, read_line
from zhicheng.apps.licences.queries.status import (
    context_document,
    count_lists,
    issuer_document,
    named_issuer_keys,
    status_list,
    trust_document,
)
from zhicheng.apps.licences.queries.types import current_type, list_licence_types, masked_fields
from zhicheng.apps.licences.queries.wallet import get_wallet

__all__ = [
    "SENTENCES",
    "context_document",
    "count_lists",
    "current_type",
    "day_words",
    "get_my_licence",
    "get_old_licence",
    "get_party_licence",
    "get_unit_licence",
    "get_wallet",
    "held_licences",
    "issue_licence",
    "issuer_document",
    "licence_credential",
    "licence_parts",
    "licences_from",
    "list_licence_types",
    "list_my_licences",
    "list_unit_licences",
    "masked_fields",
    "named_issuer_keys",
    "prepare_licence",
    "present_licence",
    "purge_presentations",
    "read_line",
    "remind_expiring",
    "renewal_of",
    "resume_licence",
    "reveal_licence",
    "revoke_licence",
    "rotate_issuer_key",
    "status_list",
    "suspend_licence",
    "term_end",
    "trust_document",
    "verify_shown",
]

"""The only door to parties: people, companies, units, accounts, roles, signing in."""

from zhicheng.core.parties.base import (
    CodeSender,
    CompanyRegister,
    IdentityProver,
    ProofAnswer,
    ProofOutcome,
    RegisteredCompany,
)
from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.gate import OpenedCompany, draft_party, opened_company, party_part
from zhicheng.core.parties.operations.accounts import (
    change_password,
    create_official,
    create_service,
    issue_api_key,
    reset_official,
    revoke_api_key,
    set_active,
    set_first_password,
    unlock_account,
)
from zhicheng.core.parties.operations.consents import give_consent, note_consent_use, withdraw_consent
from zhicheng.core.parties.operations.demo_proofs import write_demo_companies, write_demo_proofs
from zhicheng.core.parties.operations.grants import delegate_role, end_delegation, grant_role, revoke_grant
from zhicheng.core.parties.operations.identities import prove_identity, record_proof, release_identity
from zhicheng.core.parties.operations.managing import draw_password
from zhicheng.core.parties.operations.memberships import (
    authorise_agent,
    end_membership,
    refresh_companies,
    take_up_membership,
)
from zhicheng.core.parties.operations.officials import (
    begin_totp,
    check_official_password,
    check_official_totp,
    confirm_totp,
    present_totp,
)
from zhicheng.core.parties.operations.people import amend_party, contact_of, create_party, erase_party, reveal
from zhicheng.core.parties.operations.residents import (
    check_sms_code,
    purge_sms_codes,
    request_sms_code,
    sign_in_resident,
)
from zhicheng.core.parties.operations.rotation import rotate_personal_keys, start_key_rotation
from zhicheng.core.parties.operations.sessions import (
    close_session,
    end_sessions,
    open_session,
    purge_sessions,
    start_session,
    stop_session,
)
from zhicheng.core.parties.operations.throttle import purge_throttle
from zhicheng.core.parties.operations.window_proofs import prove_at_window
from zhicheng.core.parties.policy.identifiers import parse_id_number, parse_uscc
from zhicheng.core.parties.policy.masking import mask_address, mask_email, mask_id_number, mask_name, mask_phone
from zhicheng.core.parties.policy.phones import parse_mobile, parse_phone
from zhicheng.core.parties.queries.accounts import (
    count_demo_accounts,
    find_account,
    get_profile,
    list_given_delegations,
    list_held_grants,
    list_sessions,
)
from zhicheng.core.parties.queries.actors import actor_for, actor_for_api_key, list_account_names, list_holders
from zhicheng.core.parties.queries.administration import (
    get_account,
    list_accounts,
    list_api_keys,
    list_grantable_roles,
    list_revocable,
    list_role_labels,
    managing_faults,
)
from zhicheng.core.parties.queries.consents import consents_in_force, list_consents
from zhicheng.core.parties.queries.identities import find_proven_person, get_identity, identity_differences
from zhicheng.core.parties.queries.memberships import as_person, list_members, list_memberships, with_mandate
from zhicheng.core.parties.queries.parties import (
    find_parties_by_digest,
    find_parties_by_id_number,
    find_parties_by_phone,
    find_parties_by_tail,
    get_identity_digest,
    get_masked_party,
    get_party_kind,
    list_account_identities,
    list_masked_parties,
    list_missing_keys,
)
from zhicheng.core.parties.queries.proven import is_proven
from zhicheng.core.parties.queries.requests import choose_membership, request_actor
from zhicheng.core.parties.queries.units import forget_unit_tree, get_unit_tree
from zhicheng.core.parties.registry import code_senders, company_registers, identity_provers, sealed_rows

__all__ = [
    "CodeSender",
    "CompanyRegister",
    "IdentityProver",
    "OpenedCompany",
    "ProofAnswer",
    "ProofOutcome",
    "RegisteredCompany",
    "actor_for",
    "actor_for_api_key",
    "amend_party",
    "as_person",
    "authorise_agent",
    "begin_totp",
    "change_password",
    "check_official_password",
    "check_official_totp",
    "check_sms_code",
    "choose_membership",
    "close_session",
    "code_senders",
    "company_registers",
    "confirm_totp",
    "consents_in_force",
    "contact_of",
    "count_demo_accounts",
    "create_official",
    "create_party",
    "create_service",
    "delegate_role",
    "draft_party",
    "draw_password",
    "end_delegation",
    "end_membership",
    "end_sessions",
    "erase_party",
    "find_account",
    "find_parties_by_digest",
    "find_parties_by_id_number",
    "find_parties_by_phone",
    "find_parties_by_tail",
    "find_proven_person",
    "forget_unit_tree",
    "get_account",
    "get_identity",
    "get_identity_digest",
    "get_masked_party",
    "get_party_kind",
    "get_profile",
    "get_unit_tree",
    "give_consent",
    "grant_role",
    "identity_differences",
    "identity_provers",
    "is_proven",
    "issue_api_key",
    "keyring",
    "list_account_identities",
    "list_account_names",
    "list_accounts",
    "list_api_keys",
    "list_consents",
    "list_given_delegations",
    "list_grantable_roles",
    "list_held_grants",
    "list_holders",
    "list_masked_parties",
    "list_members",
    "list_memberships",
    "list_missing_keys",
    "list_revocable",
    "list_role_labels",
    "list_sessions",
    "managing_faults",
    "mask_address",
    "mask_email",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "note_consent_use",
    "open_session",
    "opened_company",
    "parse_id_number",
    "parse_mobile",
    "parse_phone",
    "parse_uscc",
    "party_part",
    "present_totp",
    "prove_at_window",
    "prove_identity",
    "purge_sessions",
    "purge_sms_codes",
    "purge_throttle",
    "record_proof",
    "refresh_companies",
    "release_identity",
    "request_actor",
    "request_sms_code",
    "reset_official",
    "reveal",
    "revoke_api_key",
    "revoke_grant",
    "rotate_personal_keys",
    "sealed_rows",
    "set_active",
    "set_first_password",
    "sign_in_resident",
    "start_key_rotation",
    "start_session",
    "stop_session",
    "take_up_membership",
    "unlock_account",
    "with_mandate",
    "withdraw_consent",
    "write_demo_companies",
    "write_demo_proofs",
]

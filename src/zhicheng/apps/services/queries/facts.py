"""The facts of an application: what was filled in and what registers say, each with its source."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import structlog

from zhicheng.apps.licences.public import day_words
from zhicheng.apps.services.policy.deciding import is_verified
from zhicheng.apps.services.values import GivenFact, Problem
from zhicheng.core.forms.public import find_contradictions, in_words, list_documents, source_words
from zhicheng.core.forms.values import FormField, Submission
from zhicheng.core.lake.errors import EntityUndeclared
from zhicheng.core.lake.public import entity_key, facts_of, get_entity
from zhicheng.core.lake.values import Column, LakeFact
from zhicheng.core.parties.public import get_identity_digest, get_party_kind, identity_differences, is_proven
from zhicheng.core.places.public import get_division
from zhicheng.core.rules.public import facts_needed
from zhicheng.kit.errors import ZhichengError

UNPROVEN = "unproven"
_DIVISION_LENGTHS = {6, 9, 12}
# Fields that say who applies: those that are filled in from the applicant's own identity.
_IDENTITY = {
    "person": {("profile", "name"): "name", ("profile", "id_number"): "id_number"},
    "company": {("company", "name"): "name", ("company", "uscc"): "id_number"},
}
_log = structlog.get_logger("zhicheng.services")


def stated_facts(submission: Submission) -> dict[str, GivenFact]:
    """What the form says, by fact."""
    found = {}
    for field in submission.form.fields:
        value = submission.values.get(field.name)
        if not field.fact or value in (None, ""):
            continue
        code = field.fact.partition(".")[2]
        found[code] = GivenFact(
            code=code,
            label=field.label,
            value=_typed(field, value),
            source=_source(submission, field),
            verified=_is_vouched(submission, field),
            words=in_words(field, value),
        )
    return found


def newer_facts(submission: Submission) -> frozenset[str]:
    """Facts that the form reports as having just happened: a register may still hold the one before."""
    return frozenset(field.fact.partition(".")[2] for field in submission.form.fields if field.fact and field.newer)


def join_register(
    stated: Mapping[str, GivenFact], register: Mapping[str, GivenFact], *, newer: Collection[str] = ()
) -> tuple[dict[str, GivenFact], list[Problem]]:
    """The register's facts where it has any, else what was stated; where both differ, a contradiction.

    Of `newer` facts a later date is none: the register does not know yet, and what it holds counts no more.
    """
    later = {code for code in newer if code in stated and _is_later(stated[code], register.get(code))}
    known = {code: held for code, held in register.items() if code not in later}
    problems = [
        Problem("contradiction", said.label, f"{said.label}：申请表是“{said.said}”，{held.source}是“{held.said}”")
        for code, said in stated.items()
        if (held := known.get(code)) is not None and held.value != said.value
    ]
    return {**stated, **known}, problems


def register_facts(party: UUID | None) -> dict[str, GivenFact]:
    """What the city's tables hold about a party; nothing where they hold nothing or cannot be asked now.

    An answer that does not come leaves facts unknown: the application goes to a person instead of failing.
    """
    digest = get_identity_digest(party) if party is not None else None
    if digest is None or party is None:
        return {}
    try:
        entity = get_entity(entity_of(party))
        found = facts_of(entity, entity_key(digest))
    except ZhichengError as error:
        _log.warning("register could not be asked", error=error.code)
        return {}
    held = found.facts if found else {}
    return {code: _held(entity.column(code), fact) for code, fact in held.items() if fact.value is not None}


def concerned_facts(facts: Mapping[str, GivenFact], rules: Sequence[str], *, rulebook: str) -> dict[str, GivenFact]:
    """Only what the rules read: nothing else that a register holds is anybody's business here."""
    needed = set(facts_needed(rules, rulebook=rulebook)) if rules else set()
    return {code: fact for code, fact in facts.items() if code in needed}


def entity_of(party: UUID | None) -> str:
    """Which register knows a party: that of people or that of companies."""
    return "company" if party is not None and get_party_kind(party) == "organisation" else "person"


def fact_labels(entity: str = "person") -> dict[str, str]:
    """What facts of an entity are called; nothing where the city has no such register."""
    try:
        return {column.code: column.label for column in get_entity(entity).columns}
    except EntityUndeclared:
        return {}


def document_problems(submission: Submission) -> list[Problem]:
    """What documents say against the form, and those that nobody could read."""
    found = [Problem("contradiction", each.material_label, each.text) for each in find_contradictions(submission)]
    unread = [each for each in list_documents(submission=submission.id) if each.state in {"waiting", "unreadable"}]
    return [*found, *(Problem("unreadable", each.name, f"「{each.name}」没有读出来，请人工查看") for each in unread)]


def identity_problems(submission: Submission) -> list[Problem]:
    """That the applicant is not proven, or that the form names somebody else as the applicant."""
    if submission.party is None or not is_proven(submission.party):
        return [Problem(UNPROVEN, "实名认证", "申请人还没有实名认证，身份要由工作人员核实")]
    given, labels = {}, {}
    lines = _IDENTITY[entity_of(submission.party)]
    for field in submission.form.fields:
        value = submission.values.get(field.name)
        links = [(link.source, link.field) for link in field.prefill]
        named = next((lines[link] for link in links if link in lines), "")
        if named and isinstance(value, str) and value:
            given[named], labels[named] = value, field.label
    differing = identity_differences(submission.party, given)
    words = "{}：申请表填写的和实名认证的不一样"
    return [Problem("contradiction", labels[name], words.format(labels[name])) for name in given if name in differing]


def is_still_reading(submission: UUID) -> bool:
    """Whether a document of it is still being read."""
    return any(document.state == "waiting" for document in list_documents(submission=submission))


def _held(column: Column, fact: LakeFact) -> GivenFact:
    words = _register_words(column, fact.value)
    return GivenFact(column.code, column.label, fact.value, fact.source, verified=True, words=words)


def _register_words(column: Column, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return day_words(value)
    if column.unit == "分" and isinstance(value, int):
        return f"{value / 100:,.2f} 元"
    text = column.codes.get(str(value)) or _division_name(value) or str(value)
    return f"{text} {column.unit}".rstrip()


def _division_name(value: Any) -> str:
    if not isinstance(value, str) or not value.isdecimal() or len(value) not in _DIVISION_LENGTHS:
        return ""
    try:
        return get_division(value).name
    except ZhichengError:  # of another city
        return ""


def _is_later(said: GivenFact, held: GivenFact | None) -> bool:
    return (
        held is not None and isinstance(said.value, date) and isinstance(held.value, date) and said.value > held.value
    )


def _source(submission: Submission, field: FormField) -> str:
    return source_words(submission.sources.get(field.name)) or "申请人填写"


def _is_vouched(submission: Submission, field: FormField) -> bool:
    source = submission.sources.get(field.name)
    if source is None:
        return False
    of = field.computed.of if field.computed else ()
    kinds = [held.kind for name in of if (held := submission.sources.get(name)) is not None]
    return is_verified(source.kind, kinds if len(kinds) == len(of) else ())


def _typed(field: FormField, value: Any) -> Any:
    """As rules read it: dates as dates, everything else as it is stored."""
    if field.widget == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return value

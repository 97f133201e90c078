"""Applying: one draft becomes one case, or one case with a child for each item of a theme."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from zhicheng.apps.services.errors import ForPersonsOnly, NoDepartment, ServiceNotOnline, SignInFirst
from zhicheng.apps.services.policy import Catalogue, saving_of
from zhicheng.apps.services.queries.catalogue import catalogue_hash, get_catalogue
from zhicheng.apps.services.queries.departments import unit_for
from zhicheng.apps.services.values import Applied, ServiceItem, SubmitApplication, Theme, ThemeStep
from zhicheng.core.cases.public import NewCase, get_row, new_case, store_case
from zhicheng.core.cases.values import CaseDraft
from zhicheng.core.forms.errors import DraftNotFound, DraftSubmitted
from zhicheng.core.forms.public import (
    choose_held,
    get_draft,
    material_slots,
    prepare_submission,
    start_draft,
    submission_parts,
)
from zhicheng.core.forms.values import Draft, MaterialNeed, Owner, PreparedSubmission
from zhicheng.core.parties.errors import OutsideMandate
from zhicheng.core.parties.values import Actor
from zhicheng.core.places.public import division_path, get_division
from zhicheng.core.rules.public import current_rulebook
from zhicheng.kit.errors import ZhichengError
from zhicheng.kit.sqltext import Part, insert_rows

ITEM, THEME = "application", "theme"
PROCESSES = frozenset({ITEM, THEME})


@dataclass(frozen=True)
class _Asked:
    """What a draft is for."""

    items: tuple[ServiceItem, ...]
    theme: Theme | None = None

    @property
    def label(self) -> str:
        """As the applicant calls it."""
        return self.theme.label if self.theme else self.items[0].label


def start_application(kind: str, code: str, *, owner: Owner, now: datetime) -> Draft:
    """Begin the form of an item or a theme.

    Raises:
        ServiceUnknown, ThemeUnknown: the catalogue has none.
        ServiceNotOnline: it cannot be applied for here.
        TooManyDrafts: the owner has too many already.
    """
    catalogue = get_catalogue()
    offered: ServiceItem | Theme = catalogue.theme(code) if kind == THEME else catalogue.item(code)
    if not offered.form:
        raise ServiceNotOnline(label=offered.label)
    return start_draft(offered.form, owner=owner, now=now, subject=f"{kind}:{code}")


def reuse_held(draft: Draft, *, owner: Owner, now: datetime) -> Draft:
    """Use whatever the city holds already for materials that may be asked for and are not chosen yet.

    Raises:
        DraftChanged: the draft was saved elsewhere meanwhile.
    """
    catalogue = get_catalogue()
    needs = needs_of(_asked(draft.subject, catalogue, frozenset()).items, catalogue)
    for slot in material_slots(draft, party=owner.party, now=now, needs=needs, every=True):
        if slot.offered and slot.chosen is None and not slot.documents:
            best = slot.offered[0]
            held = (best.material, best.provider, best.ref)
            draft = choose_held(held, draft=(draft.id, draft.version), owner=owner, now=now)
    return draft


def submit_application(command: SubmitApplication, *, actor: Actor, now: datetime) -> Applied:
    """Store an application whole: submission, case, child cases, and what is to be decided; once per draft.

    Raises:
        SignInFirst: nobody is signed in.
        OutsideMandate: the company does not let its agent apply.
        ForPersonsOnly: a company applies for what is a person's own.
        FieldErrors: something is missing or cannot be right; nothing is stored.
        DraftNotFound, DraftChanged: the draft is gone, or was saved elsewhere.
        NoDepartment: nobody does this.
    """
    if actor.party_id is None:
        raise SignInFirst()
    if not actor.may("services"):
        raise OutsideMandate(act="申请办事")
    try:
        with transaction.atomic():
            return _submit(command, actor, now)
    except DraftSubmitted as error:
        return _applied_before(error)


def check_applicant(subject: str, catalogue: Catalogue, actor: Actor, chosen: frozenset[str] = frozenset()) -> None:
    """Refuse who acts for a company what only a human being can apply for.

    Raises:
        ForPersonsOnly: one of the items is for persons.
    """
    if actor.mandate is None:
        return
    for item in _asked(subject, catalogue, chosen).items:
        if "company" not in item.audience:
            raise ForPersonsOnly(label=item.label)


def needs_of(items: Sequence[ServiceItem], catalogue: Catalogue) -> list[MaterialNeed]:
    """The materials of several items, each once; required where any of them requires it.

    What one of the items leads to is not asked for by the others: it comes about on the way.
    """
    made = {item.licence for item in items if item.licence}
    required: dict[str, bool] = {}
    notes: dict[str, str] = {}
    for need in (need for item in items for need in item.materials):
        material = catalogue.materials.get(need.code)
        if material is None or material.licence not in made:
            required[need.code] = required.get(need.code, False) or need.required
            notes.setdefault(need.code, need.note)
    return [MaterialNeed(code, required=must, note=notes[code]) for code, must in required.items()]


def possible_needs(subject: str, catalogue: Catalogue) -> list[MaterialNeed]:
    """The materials that a draft may be asked for: those of a theme's optional items are required only once chosen."""
    kind, _, code = subject.partition(":")
    sure = needs_of(_asked(subject, catalogue, frozenset()).items, catalogue)
    if kind != THEME:
        return sure
    every = needs_of(catalogue.items_of(catalogue.theme(code)), catalogue)
    asked = {need.material for need in sure}
    return [*sure, *(replace(need, required=False) for need in every if need.material not in asked)]


def asked_of(subject: str, catalogue: Catalogue, chosen: frozenset[str] = frozenset()) -> tuple[list[ServiceItem], str]:
    """The items that a draft's subject stands for, and the name of the whole."""
    asked = _asked(subject, catalogue, chosen)
    return list(asked.items), asked.label


def _asked(subject: str, catalogue: Catalogue, chosen: frozenset[str]) -> _Asked:
    kind, _, code = subject.partition(":")
    if kind != THEME:
        return _Asked((catalogue.item(code),))
    theme = catalogue.theme(code)
    wanted = [step for step in theme.steps if (step.item in chosen if chosen else not step.optional)]
    return _Asked(tuple(catalogue.items[step.item] for step in wanted), theme)


def _submit(command: SubmitApplication, actor: Actor, now: datetime) -> Applied:
    catalogue = get_catalogue()
    draft = _draft(command, now)
    asked = _asked(draft.subject, catalogue, command.items)
    check_applicant(draft.subject, catalogue, actor, command.items)
    prepared = prepare_submission(
        command.draft, command.version, owner=command.owner, now=now, needs=needs_of(asked.items, catalogue)
    )
    cases = list(_cases(asked, prepared, actor, now, catalogue))
    first = cases[0][0]
    extra = [
        *submission_parts(prepared, subject=first.id),
        insert_rows("applications", "services_application", [_row(*each, prepared) for each in cases]),
    ]
    waiting = [case for case, item, _ in cases if item and case.row["state"] == "verifying"]
    if waiting:
        extra.append(to_decide_part([case.id for case in waiting], now))
    opened = store_case(first, children=[case for case, _, _ in cases[1:]], extra=extra, now=now)
    return Applied(opened.id, opened.number)


def _draft(command: SubmitApplication, now: datetime) -> Draft:
    """The draft; one that is gone because it was submitted says so."""
    try:
        return get_draft(command.draft, owner=command.owner, now=now)
    except DraftNotFound:
        prepare_submission(command.draft, command.version, owner=command.owner, now=now)
        raise


def to_decide_part(cases: Sequence[UUID], now: datetime, *, gate: str = "") -> Part:
    """Put applications on the list of what is to be decided."""
    rows = [{"case_id": case, "due_at": now, "since": now} for case in cases]
    part = insert_rows("to_decide", "services_todecide", rows, gate=gate)
    return Part(part.name, f"{part.text} ON CONFLICT (case_id) DO NOTHING", part.params)


def _cases(
    asked: _Asked, prepared: PreparedSubmission, actor: Actor, now: datetime, catalogue: Catalogue
) -> Iterator[tuple[NewCase, str, str]]:
    """The cases with their item and theme: a single item's own, or the theme's first and then its items'."""
    path = _place(prepared)
    if asked.theme is None:
        yield new_case(_item_draft(asked.items[0], path, actor), actor, now), asked.items[0].code, ""
        return
    theme, chosen = asked.theme, frozenset(item.code for item in asked.items)
    parent = new_case(_theme_draft(theme, asked, path, actor, catalogue), actor, now)
    yield parent, "", theme.code
    for step in theme.steps:
        if step.item in chosen:
            draft = _item_draft(catalogue.items[step.item], path, actor, parent.id, _order(step, chosen))
            yield new_case(draft, actor, now), step.item, theme.code


def _order(step: ThemeStep, chosen: frozenset[str]) -> dict[str, Any]:
    after = [code for code in step.after if code in chosen]
    return {"after": after, "waiting": True} if after else {}


def _item_draft(
    item: ServiceItem,
    path: Sequence[str],
    actor: Actor,
    parent: UUID | None = None,
    order: dict[str, Any] | None = None,
) -> CaseDraft:
    unit = unit_for(item, path)
    if unit is None:
        raise NoDepartment(label=item.label)
    waits = bool(order)
    return CaseDraft(
        process=item.process,
        unit=unit,
        title=item.label,
        state="waiting" if waits else "",
        facts={"item": item.code, "limit": _limit(item.promised_working_days, item.label), **(order or {})},
        category=item.code,
        requester=actor.party_id,
        parent=parent,
        notify={} if parent else {"requester": "service.submitted"},
    )


def _theme_draft(theme: Theme, asked: _Asked, path: Sequence[str], actor: Actor, catalogue: Catalogue) -> CaseDraft:
    unit = unit_for(asked.items[0], path)
    if unit is None:
        raise NoDepartment(label=theme.label)
    days = saving_of(theme, catalogue, frozenset(item.code for item in asked.items)).together.days
    return CaseDraft(
        process=THEME,
        unit=unit,
        title=theme.label,
        facts={"theme": theme.code, "limit": _limit(days, theme.label)},
        category=theme.code,
        requester=actor.party_id,
        notify={"requester": "service.submitted"},
    )


def _limit(days: int, label: str) -> dict[str, Any]:
    return {"working_days": max(days, 1), "source": f"「{label}」承诺时限"}


def _row(case: NewCase, item: str, theme: str, prepared: PreparedSubmission) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "item": item,
        "theme": theme,
        "catalogue": catalogue_hash(),
        "rulebook": current_rulebook(),
        "submission_id": prepared.id,
    }


def _place(prepared: PreparedSubmission) -> list[str]:
    """The divisions of the applicant's place, near to far: of a located address, else of a division chosen."""
    for found in prepared.places.values():
        if divisions := found.get("divisions"):
            return [str(code) for code in divisions]
    for field in prepared.form.fields:
        code = prepared.values.get(field.name)
        if field.widget == "division" and isinstance(code, str) and _is_division(code):
            return list(division_path(code))
    return []


def _is_division(code: str) -> bool:
    try:
        return bool(get_division(code))
    except ZhichengError:
        return False


def _applied_before(error: DraftSubmitted) -> Applied:
    """The same draft was submitted before: the answer is the same."""
    subject = error.data.get("subject")
    if subject is None:
        raise error
    row = get_row(UUID(str(subject)))
    return Applied(row.id, row.number, replayed=True)

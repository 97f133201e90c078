"""Renewing a licence: its item's form with everything that the licence and the earlier application say filled in."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from zhicheng.apps.licences.values import FORM_SOURCE, LicenceField, OldLicence, Renewal
from zhicheng.apps.services.errors import ApplicationNotFound
from zhicheng.apps.services.operations.applying import ITEM, start_application
from zhicheng.apps.services.policy import Catalogue
from zhicheng.apps.services.policy.licensing import sources_of
from zhicheng.apps.services.queries.applications import get_application
from zhicheng.apps.services.queries.catalogue import get_catalogue
from zhicheng.apps.services.values import ServiceItem
from zhicheng.core.cases.public import Purpose, get_row, list_cases
from zhicheng.core.cases.values import CaseFilter
from zhicheng.core.forms.public import fill_given, get_draft, get_submission, list_drafts
from zhicheng.core.forms.values import Draft, Form, HeldMaterial, Owner, Submission, ValueSource
from zhicheng.core.parties.values import Actor

_DAY = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_RENEWS = re.compile(r"(.+_)?(renew|extend|replace)")
_NUMBERS = ("licence_number", "certificate_number")
_ANEW = frozenset({"boolean"})  # statements and promises are made anew each time
_Offers = dict[str, list[tuple[Any, ValueSource]]]


def start_renewal(renewal: Renewal, *, owner: Owner, now: datetime) -> Draft:
    """Begin the application that renews a licence, or go on with the one begun before.

    Every value says where it is from; the licence itself is held as material, so that approving replaces it.

    Raises:
        ServiceUnknown: the catalogue has no such item any more.
        ServiceNotOnline: it cannot be applied for here.
        TooManyDrafts: the owner has too many already.
    """
    begun = _begun(renewal, owner, now)
    if begun is not None:
        return begun
    catalogue = get_catalogue()
    item = catalogue.item(renewal.item)
    draft = start_application(ITEM, item.code, owner=owner, now=now)
    offers = _licence_offers(draft.form, item, renewal, now)
    for name, each in _earlier_offers(draft.form, renewal.old, owner, now).items():
        offers.setdefault(name, []).extend(each)
    return fill_given(draft, offers, [_held(renewal.old, item, catalogue)], owner=owner, now=now)


def find_renewal(renewal: Renewal, *, actor: Actor) -> str:
    """The number of the actor's application that is renewing this licence now; nothing where there is none."""
    wanted = CaseFilter(processes=frozenset({ITEM}), category=renewal.item, open_only=True, order="newest")
    for row in list_cases(actor, wanted, purpose=Purpose.OWN, limit=20).rows:
        submission = get_submission(get_application(row.id).submission)
        if _names(submission.held, renewal.old.number):
            return row.number
    return ""


def _begun(renewal: Renewal, owner: Owner, now: datetime) -> Draft | None:
    for row in list_drafts(owner, now=now, subject=f"{ITEM}:{renewal.item}"):
        draft = get_draft(row.id, owner=owner, now=now)
        if _names(draft.held, renewal.old.number):
            return draft
    return None


def _names(held: Mapping[str, HeldMaterial], number: str) -> bool:
    return any(each.provider == FORM_SOURCE and each.ref == number for each in held.values())


def _held(old: OldLicence, item: ServiceItem, catalogue: Catalogue) -> HeldMaterial:
    """The licence as a material: as the one that the item asks for, where it does."""
    asked = [need.code for need in item.materials]
    same = [code for code, each in catalogue.materials.items() if each.licence == old.type]
    codes = sorted(same, key=asked.__contains__)
    return HeldMaterial(
        provider=FORM_SOURCE,
        ref=old.number,
        material=codes[-1] if codes else old.type,
        label=f"原证照：{old.label}",
        source=f"{old.issuer}签发，编号 {old.number}",
        valid_until=old.valid_until.isoformat() if old.valid_until else "",
    )


def _licence_offers(form: Form, item: ServiceItem, renewal: Renewal, now: datetime) -> _Offers:
    """What the licence says, for the fields that its lines are filled from, and what follows from renewing it."""
    old, names = renewal.old, [field.name for field in form.fields]
    source = ValueSource("prefilled", f"证照《{old.label}》", FORM_SOURCE, now.isoformat())
    found: _Offers = {}
    for line in renewal.type.fields:
        targets = [name for name in sources_of(line.code, names, item.licence_values) if name in names]
        if targets and old.values.get(line.code):
            found.setdefault(targets[0], []).append((_plain(line, old.values[line.code]), source))
    for name, value in _about(form, renewal):
        found.setdefault(name, []).append((value, source))
    return found


def _about(form: Form, renewal: Renewal) -> Iterator[tuple[str, str]]:
    """Which licence it is, whose, until when, and that it is to be renewed."""
    old = renewal.old
    yield from ((name, old.number) for name in _NUMBERS)
    yield "applicant_kind", renewal.type.subject
    if old.valid_until is not None:
        yield "expire_date", old.valid_until.isoformat()
    service = form.field("service")
    for option in service.options if service is not None and service.widget == "choice" else ():
        if _RENEWS.fullmatch(option.value):
            yield "service", option.value


def _plain(line: LicenceField, text: str) -> str:
    """Words of a licence as a form takes them: days as ISO dates, numbers without their unit."""
    if day := _DAY.fullmatch(text):
        return date(int(day[1]), int(day[2]), int(day[3])).isoformat()
    return text.removesuffix(line.unit).strip() if line.unit else text


def _earlier_offers(form: Form, old: OldLicence, owner: Owner, now: datetime) -> _Offers:
    """Answers of the application that led to the licence. Nobody vouches for them now: they are to be looked at."""
    submission, number = _earlier(old, owner)
    if submission is None:
        return {}
    source = ValueSource("earlier", f"上次申请 {number}", number, now.isoformat())
    kinds = {field.name: field.widget for field in submission.form.fields}
    return {
        field.name: [(submission.values[field.name], source)]
        for field in form.fields
        if field.name in submission.values
        and field.widget == kinds.get(field.name)
        and field.widget not in _ANEW
        and field.computed is None
        and field.name != "service"
    }


def _earlier(old: OldLicence, owner: Owner) -> tuple[Submission | None, str]:
    kind, _, case = old.source.partition(":")
    try:
        application = get_application(UUID(case)) if kind == "case" else None
    except (ValueError, ApplicationNotFound):
        return None, ""
    if application is None:
        return None, ""
    submission = get_submission(application.submission)
    return (submission, get_row(application.case_id).number) if submission.party == owner.party else (None, "")

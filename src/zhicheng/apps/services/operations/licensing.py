"""The licence that an approval issues, in the statement of the approval itself."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from zhicheng.apps.licences.public import current_type, licence_parts, prepare_licence
from zhicheng.apps.licences.values import LicenceOrder
from zhicheng.apps.services.models import Application
from zhicheng.apps.services.policy.licensing import sources_of
from zhicheng.apps.services.queries.catalogue import catalogue_of
from zhicheng.apps.services.queries.departments import unit_short
from zhicheng.apps.services.values import ServiceItem
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.forms.public import get_submission, in_words
from zhicheng.core.forms.values import Submission
from zhicheng.core.ledger.public import entry_part, event_part
from zhicheng.core.parties.values import Actor
from zhicheng.kit.sqltext import Part


def licence_of(
    case: CaseRow, application: Application, actor: Actor, now: datetime
) -> Callable[[str], Sequence[Part]] | None:
    """The parts that store the licence of an approved application; None where the item leads to none.

    Raises:
        LicenceTypeUnknown, LicenceIncomplete: the pack and the application do not fit: nothing is approved.
    """
    item = catalogue_of(application.catalogue).items.get(application.item)
    submission = get_submission(application.submission_id)
    if item is None or not item.licence or submission.party is None:
        return None
    order = LicenceOrder(
        type=item.licence,
        party=submission.party,
        fields=lines_of(item, submission, case),
        source=f"case:{case.id}",
    )
    draft = prepare_licence(order, actor=actor, now=now)
    return lambda gate: [
        *licence_parts([draft], gate=gate),
        entry_part("licence_entries", [draft.entry], "licences"),
        event_part("licence_events", [draft.event], "licences"),
    ]


def lines_of(item: ServiceItem, submission: Submission, case: CaseRow) -> dict[str, str]:
    """What stands in each line of the licence, in words."""
    names = {field.name: field for field in submission.form.fields}
    known = _known(item, case)
    found: dict[str, str] = {}
    for line in current_type(item.licence).fields:
        given = [name for name in sources_of(line.code, names, item.licence_values) if submission.values.get(name)]
        if given:
            found[line.code] = in_words(names[given[0]], submission.values[given[0]])
        elif line.required and line.code in known:
            found[line.code] = known[line.code]
    return found


def _known(item: ServiceItem, case: CaseRow) -> Mapping[str, str]:
    unit = unit_short(case.unit)
    return {
        "rule": f"《{item.legal_basis[0].title}》{item.legal_basis[0].clause}" if item.legal_basis else item.label,
        "item": item.label,
        "category": item.label,
        "reason": item.label,
        "case_number": case.number,
        "unit": unit,
        "station": unit,
        "district": unit,
    }

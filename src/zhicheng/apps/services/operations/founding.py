"""A company that comes about by the approval that gives it its credit code: who it is, and who represents it."""

from collections.abc import Mapping
from datetime import datetime

from zhicheng.apps.services.values import ServiceItem
from zhicheng.core.forms.values import Submission
from zhicheng.core.parties.public import OpenedCompany, find_proven_person, opened_company
from zhicheng.core.parties.values import Actor

_NEW_CODE = "@uscc"


def company_of(
    item: ServiceItem, submission: Submission, lines: Mapping[str, str], actor: Actor, now: datetime
) -> OpenedCompany | None:
    """The company that an approval opens, from the lines of its licence; None where it opens none.

    An approval opens a company when it gives out a new credit code, and somebody who is proven to be the legal
    representative of the licence is named in the form by their ID number. Where nobody is, the licence stays with
    the applicant until the company register names somebody.
    """
    name, uscc, representative = (lines.get(code, "") for code in ("company", "uscc", "representative"))
    said = item.licence_values.get("uscc", ())
    gives_code = _NEW_CODE in ([said] if isinstance(said, str) else said)
    if not (gives_code and name and uscc and representative):
        return None
    fields = (field for field in submission.form.fields if field.widget == "id_number")
    numbers = dict.fromkeys(str(submission.values[field.name]) for field in fields if submission.values.get(field.name))
    found = (find_proven_person(representative, number, now=now) for number in numbers)
    person = next((party for party in found if party is not None), None)
    return opened_company(name, uscc, person, actor=actor, now=now) if person is not None else None

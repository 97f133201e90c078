"""Requests: what they have beyond their cases."""

from datetime import datetime
from uuid import UUID

from zhicheng.apps.disclosure.models import DisclosureRequest
from zhicheng.apps.disclosure.policy import Counted, count_year
from zhicheng.apps.disclosure.queries.terms import get_terms
from zhicheng.apps.disclosure.values import DisclosureInfo, YearReport
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import readable_units
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import CHINA


def get_request(case_id: UUID) -> DisclosureInfo:
    """What belongs to a request. Check first that the reader may see the case.

    Raises:
        CaseNotFound: the case is no request for disclosure.
    """
    row = DisclosureRequest.objects.filter(pk=case_id).first()
    if row is None:
        raise CaseNotFound()
    return DisclosureInfo(
        case_id=row.pk,
        title=row.title,
        description=row.description,
        document_number=row.document_number,
        applicant=row.applicant,
        party=row.party_id,
        supply=row.supply,
        delivery=row.delivery,
        unit_chosen=row.unit_chosen,
        decision=row.decision,
        ground=row.ground,
        decided_at=row.decided_at,
        late=row.late,
    )


def report_year(year: int, *, actor: Actor) -> YearReport:
    """The yearly figures of the units whose cases the actor reads."""
    units = readable_units(actor, get_unit_tree())
    rows = DisclosureRequest.objects.filter(unit_code__in=units, received_at__lt=_new_year(year + 1))
    return count_year(year, [_counted(row) for row in rows], get_terms())


def list_late_answers(year: int, *, actor: Actor, limit: int = 50) -> list[UUID]:
    """Requests answered late in a year, newest first."""
    units = readable_units(actor, get_unit_tree())
    rows = DisclosureRequest.objects.filter(
        unit_code__in=units, late=True, decided_at__gte=_new_year(year), decided_at__lt=_new_year(year + 1)
    )
    return list(rows.order_by("-decided_at").values_list("pk", flat=True)[:limit])


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=CHINA)


def _counted(row: DisclosureRequest) -> Counted:
    return Counted(
        applicant=row.applicant,
        received=row.received_at.astimezone(CHINA).year,
        decided=row.decided_at.astimezone(CHINA).year if row.decided_at else 0,
        decision=row.decision,
        ground=row.ground,
        late=bool(row.late),
    )

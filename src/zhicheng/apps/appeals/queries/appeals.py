"""Reading appeals beside their cases."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from zhicheng.apps.appeals.models import Appeal, Support
from zhicheng.apps.appeals.queries.directory import get_taxonomy
from zhicheng.apps.appeals.values import AppealInfo, Candidate
from zhicheng.core.cases.errors import CaseNotFound


def get_appeal(case_id: UUID) -> AppealInfo:
    """What an appeal has beyond its case. The caller has passed the case's own gate.

    Raises:
        CaseNotFound: the case is no appeal.
    """
    row = Appeal.objects.filter(pk=case_id).first()
    if row is None:
        raise CaseNotFound()
    taxonomy = get_taxonomy()
    return AppealInfo(
        case_id=row.case_id,
        text=row.text,
        channel=row.channel,
        address=row.address,
        occurred_date=row.occurred_date,
        anonymous=row.anonymous,
        candidates=tuple(Candidate(code, taxonomy.label(code), share) for code, share in row.candidates),
        model=row.model,
        reasons=tuple(row.reasons),
        supporters=Support.objects.filter(appeal_id=case_id).count(),
    )


def appeal_columns(ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, str]]:
    """What appeals add to the rows of their cases in the lake: the channel."""
    found = Appeal.objects.filter(pk__in=ids).values_list("pk", "channel")
    return {case_id: {"channel": channel} for case_id, channel in found}

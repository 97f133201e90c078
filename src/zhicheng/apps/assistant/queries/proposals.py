"""The work list of knowledge."""

from uuid import UUID

from zhicheng.apps.assistant.models import Proposal
from zhicheng.apps.assistant.values import ProposalInfo
from zhicheng.core.cases.errors import CaseNotFound


def get_proposal(case_id: UUID) -> ProposalInfo:
    """What a case of the work list is about; check first that the reader may see the case.

    Raises:
        CaseNotFound: the case is none of the list.
    """
    row = Proposal.objects.filter(pk=case_id).first()
    if row is None:
        raise CaseNotFound()
    return ProposalInfo(row.case_id, row.question, row.answer, row.origin, row.asked, row.department)

"""Cases that a browser may follow without an account: proven by number and code, or by a signed link."""

from uuid import UUID

from django.http import HttpRequest

from zhicheng.core.cases.values import CaseRow

_KEY = "followed"
_MOST = 20
# Where a requester sees a case of a process; of any other process, an appeal.
_APPLICATION, _BENEFIT = "/my/services/{number}/", "/my/benefits/cases/{number}/"
_PAGES = {
    "application": _APPLICATION,
    "theme": _APPLICATION,
    "disclosure": "/disclosure/{number}/",
    "disclosure_consultation": "/disclosure/opinions/{number}/",
    "handover": "/assistant/cases/{number}/",
    "benefit_correction": _BENEFIT,
    "benefit_reclaim": _BENEFIT,
}


def page_of(row: CaseRow) -> str:
    """The address where its requester sees a case."""
    return _PAGES.get(row.process, "/appeals/{number}/").format(number=row.number)


def remember_case(request: HttpRequest, case_id: UUID) -> None:
    """Let this browser session follow a case."""
    known = [text for text in request.session.get(_KEY, []) if text != case_id.hex]
    request.session[_KEY] = [*known, case_id.hex][-_MOST:]


def followed_cases(request: HttpRequest) -> list[UUID]:
    """The cases that this browser session may follow."""
    if request.COOKIES.get("sessionid") is None:
        return []
    return [UUID(hex=text) for text in request.session.get(_KEY, [])]

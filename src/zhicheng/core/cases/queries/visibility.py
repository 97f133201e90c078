"""The one gate of reading: which cases concern an actor, for a purpose."""

from enum import Enum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.gate.follow_codes import is_follow_code
from zhicheng.core.cases.models import Case
from zhicheng.core.cases.policy import readable_units
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor, ActorKind


class Purpose(Enum):
    """Why somebody looks. The narrower the purpose, the fewer cases."""

    OWN = "own"  # a requester looks at their own cases
    WORK = "work"  # an official works on, approves or reads cases of their units
    CALL = "call"  # a call-taker looks at what they took down
    ANY = "any"  # whatever concerns the actor in one of these ways


def visible_cases(actor: Actor, purpose: Purpose) -> QuerySet[Case]:
    """Cases that concern the actor for the purpose; none for everybody else.

    An official sees the cases of their units; who handles a case also sees its child cases, and who handles a child
    case sees its parent.
    """
    if actor.kind is ActorKind.SYSTEM:
        return Case.objects.all()
    condition = Q(pk__in=[])
    if purpose in {Purpose.OWN, Purpose.ANY} and actor.party_id is not None:
        condition |= Q(requester_id=actor.party_id)
    if purpose in {Purpose.CALL, Purpose.ANY} and "appeals.take_call" in actor.permissions and actor.account_id:
        condition |= Q(creator_id=actor.account_id)
    if purpose in {Purpose.WORK, Purpose.ANY}:
        condition |= _work(actor)
    return Case.objects.filter(condition)


def find_visible(actor: Actor, case: UUID | str, purpose: Purpose = Purpose.ANY) -> Case:
    """One case by id or number.

    Raises:
        CaseNotFound: there is none, or it does not concern the actor.
    """
    wanted = Q(pk=case) if isinstance(case, UUID) else Q(number=case.strip().upper())
    found = visible_cases(actor, purpose).filter(wanted).first()
    if found is None:
        raise CaseNotFound()
    return found


def find_by_secret(number: str, code: str) -> Case:
    """The case with a number, for whoever knows the code that belongs to it.

    Raises:
        CaseNotFound: no such number, or another code: both look alike.
    """
    wanted = number.strip().upper()
    found = Case.objects.filter(number=wanted).first() if is_follow_code(wanted, code) else None
    if found is None:
        raise CaseNotFound()
    return found


def _work(actor: Actor) -> Q:
    units = readable_units(actor, get_unit_tree())
    if not units:
        return Q(pk__in=[])
    handled = readable_units(actor, get_unit_tree(), "cases.handle")
    children = Case.objects.filter(parent_id=OuterRef("pk"), unit_id__in=handled)
    parents = Case.objects.filter(pk=OuterRef("parent_id"), unit_id__in=handled)
    condition = Q(unit_id__in=units)
    return condition | Q(Exists(children)) | Q(Exists(parents)) if handled else condition

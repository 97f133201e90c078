"""The one gate of reading: which cases concern an actor, for a purpose."""

from enum import Enum
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet

from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.gate.follow_codes import is_follow_code
from zhicheng.core.cases.models import Case
from zhicheng.core.cases.policy import readable_units
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor, ActorKind

RELEASED = Q(facts__contains={"released": True})
_NOTHING, _EVERYTHING = Q(pk__in=[]), Q(pk__isnull=False)


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

    A case is seen where it is, not where it has been: a unit that refused a case no longer reads it. A unit that
    declined a child case, or from which it was taken back (fact `released`), keeps the child, its own part with its
    own history, and no longer reads the parent, from which others now learn things that are none of its business.
    """
    return Case.objects.filter(reduce(or_, visible_parts(actor, purpose), _NOTHING))


def visible_parts(actor: Actor, purpose: Purpose) -> list[Q]:
    """The ways in which cases concern the actor, each a condition of its own; together they are `visible_cases`.

    Lists read them one by one: a database finds the next fifty of each by an index, but of their disjunction only by
    reading everything.
    """
    if actor.kind is ActorKind.SYSTEM:
        return [_EVERYTHING]
    parts = []
    if purpose in {Purpose.OWN, Purpose.ANY} and (own := actor.parties_for("services")):
        parts.append(Q(requester_id__in=sorted(own)))
    if purpose in {Purpose.CALL, Purpose.ANY} and "appeals.take_call" in actor.permissions and actor.account_id:
        parts.append(Q(creator_id=actor.account_id))
    if purpose in {Purpose.WORK, Purpose.ANY}:
        parts += _work(actor)
    return parts


def in_units(units: frozenset[str]) -> Q:
    """Cases of some units; no condition where they are all there are."""
    return _EVERYTHING if units >= get_unit_tree().all().keys() else Q(unit_id__in=units)


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


def _work(actor: Actor) -> list[Q]:
    units = readable_units(actor, get_unit_tree())
    if not units:
        return []
    handled = readable_units(actor, get_unit_tree(), "cases.handle")
    if not handled:
        return [in_units(units)]
    children = Case.objects.filter(in_units(handled), parent__isnull=False).exclude(RELEASED)
    return [
        in_units(units),
        Q(_is_one_of(children.values("parent_id"))),
        Q(parent__isnull=False) & _of_parents(handled),
    ]


def _is_one_of(ids: QuerySet[Case, Any]) -> Func:
    """Look the ids up first. Of a plain `IN` the database may think it cheaper to try every case for membership."""
    known = ArraySubquery(ids)
    return Func(F("id"), known, arg_joiner=" = ANY(", template="(%(expressions)s))", output_field=BooleanField())


def _of_parents(units: frozenset[str]) -> Q:
    return _EVERYTHING if units >= get_unit_tree().all().keys() else Q(parent__unit_id__in=units)

"""Who is what to a case, and what it is told. Pure: the one place from which rights over cases follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from zhicheng.core.parties.values import Actor, ActorKind, UnitTree
from zhicheng.engines.statetable.firing import Firing

# Permissions that let an official see the cases of the units they are held at.
READING = frozenset({"cases.handle", "cases.triage", "cases.arbitrate", "cases.supervise", "cases.read_subtree"})


@dataclass(frozen=True)
class Concern:
    """Whom a case concerns."""

    unit: str
    requester: UUID | None = None
    creator: UUID | None = None
    parent_unit: str = ""
    child_units: frozenset[str] = frozenset()


def capacities(actor: Actor, concern: Concern, tree: UnitTree) -> frozenset[str]:
    """What an actor is to a case: the permissions that reach its unit, and `requester`, `creator`, `system`.

    An empty set means that the case does not exist for this actor.
    """
    if actor.kind is ActorKind.SYSTEM:
        return frozenset({"system"})
    found = set[str]()
    for grant in actor.grants:
        if tree.covers(grant, concern.unit):
            found |= grant.permissions & READING
        if concern.parent_unit and "cases.handle" in grant.permissions and tree.covers(grant, concern.parent_unit):
            found.add("parent_handler")
        if "cases.handle" in grant.permissions and any(tree.covers(grant, unit) for unit in concern.child_units):
            found.add("child_handler")
    if concern.requester is not None and concern.requester in actor.parties_for("services"):
        found.add("requester")
    if actor.account_id is not None and actor.account_id == concern.creator:
        found.add("creator")
    return frozenset(found)


def readable_units(actor: Actor, tree: UnitTree, permission: str = "") -> frozenset[str]:
    """Units whose cases the actor may list, by any reading permission or by one."""
    wanted = {permission} if permission else READING
    return tree.reach(grant for grant in actor.grants if grant.permissions & wanted)


def worst_of(firings: Sequence[Firing]) -> Firing | None:
    """The one of several clocks of a case that fire together whose message is written; None of none.

    Whoever is told of one that is less severe is told of this one: an escalation reaches more units than one that ran
    over, and that more than a warning. Of two that reach as far it is the one that was due first.
    """
    return min(firings, key=lambda firing: (-firing.level, firing.clock.due_at), default=None)

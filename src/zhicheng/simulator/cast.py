"""Who acts: the official whose grant reaches a unit. Demo officials first, then somebody hired for the unit."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from zhicheng.core.parties.public import actor_for, get_unit_tree
from zhicheng.core.parties.values import ANONYMOUS, Actor
from zhicheng.simulator.behaviour import REQUESTER

Hire = Callable[[str, str], UUID]


class Cast:
    """Finds an actor for a permission at a unit; `hire(permission, unit)` gets one where nobody is there yet."""

    def __init__(self, members: list[UUID], hire: Hire, now: datetime) -> None:
        self._now = now
        self._hire = hire
        self._actors = {account: actor_for(account, now=now) for account in members}
        self._known: dict[tuple[str, str], Actor] = {}

    def actor(self, permission: str, unit: str) -> Actor:
        """Who takes the step."""
        if permission == REQUESTER:
            return ANONYMOUS
        key = (permission, unit)
        if key not in self._known:
            self._known[key] = self._find(permission, unit) or self._hired(permission, unit)
        return self._known[key]

    def _find(self, permission: str, unit: str) -> Actor | None:
        """The nearest: a grant at the unit itself before one that reaches down to it, the lower the better."""
        tree = get_unit_tree()
        path = [unit, *tree.ancestors(unit)]
        found: list[tuple[int, int, Actor]] = []
        for order, actor in enumerate(self._actors.values()):
            for grant in actor.units_for(permission):
                handles_above = permission == "cases.handle" and grant.unit != unit
                if tree.covers(grant, unit) and not handles_above:
                    roles = len(grant.permissions)  # a handler before a supervisor at the same unit
                    found.append((path.index(grant.unit) * 100 + roles, order, actor))
        return min(found, key=lambda one: one[:2])[2] if found else None

    def _hired(self, permission: str, unit: str) -> Actor:
        account = self._hire(permission, unit)
        self._actors[account] = actor_for(account, now=self._now)
        return self._actors[account]

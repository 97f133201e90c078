"""Units of the government and the tree that they form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zhicheng.core.parties.values.actors import Grant


@dataclass(frozen=True)
class Unit:
    """A government unit or a public company. `division` is the code of the area it serves.

    `function` says what it does there (`housing`, `water`, `street_office`, `community` …): the
    responsibility list names functions, not units.
    """

    code: str
    name: str
    kind: str
    parent: str | None
    division: str
    function: str
    ended_date: date | None = None
    successor: str | None = None


class UnitTree:
    """All units of the city, immutable; built once per installed pack."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = {unit.code: unit for unit in units}
        self._children: dict[str | None, list[str]] = {}
        for unit in self._units.values():
            self._children.setdefault(unit.parent, []).append(unit.code)
        self._by_function: dict[tuple[str, str], str] = {
            (unit.function, unit.division): unit.code
            for unit in reversed(self._units.values())
            if unit.function and unit.ended_date is None
        }

    def __contains__(self, code: object) -> bool:
        return code in self._units

    def __len__(self) -> int:
        return len(self._units)

    def get(self, code: str) -> Unit:
        """One unit.

        Raises:
            KeyError: there is none with this code.
        """
        return self._units[code]

    def all(self) -> Mapping[str, Unit]:
        """Every unit by code, ended ones too."""
        return self._units

    def children(self, code: str | None) -> list[str]:
        """Codes directly below; `None` gives the roots."""
        return list(self._children.get(code, ()))

    def ancestors(self, code: str) -> list[str]:
        """Codes above, nearest first."""
        chain: list[str] = []
        parent = self._units[code].parent
        while parent is not None:
            chain.append(parent)
            parent = self._units[parent].parent
        return chain

    def subtree(self, code: str) -> frozenset[str]:
        """The unit and all below it."""
        found, todo = set[str](), [code]
        while todo:
            current = todo.pop()
            found.add(current)
            todo.extend(self._children.get(current, ()))
        return frozenset(found)

    def covers(self, grant: Grant, code: str) -> bool:
        """Whether a grant reaches a unit."""
        return grant.unit == code or (grant.subtree and grant.unit in self.ancestors(code))

    def reach(self, grants: Iterable[Grant]) -> frozenset[str]:
        """Every unit that one of some grants reaches; one that the pack no longer has reaches itself alone."""
        found = set[str]()
        for grant in grants:
            found |= self.subtree(grant.unit) if grant.subtree and grant.unit in self else {grant.unit}
        return frozenset(found)

    def serving(self, function: str, divisions: Iterable[str]) -> str | None:
        """The unit with a function at the first division that has one; divisions from near to far."""
        for division in divisions:
            found = self._by_function.get((function, division))
            if found is not None:
                return found
        return None

    def successor_of(self, code: str) -> str:
        """The living unit that took over; the unit itself while it lives."""
        seen = {code}
        unit = self._units[code]
        while unit.ended_date is not None and unit.successor and unit.successor not in seen:
            seen.add(unit.successor)
            unit = self._units[unit.successor]
        return unit.code

"""Units and roles as a pack installs them: written, changed, ended; never deleted."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from zhicheng.core.parties.models import Role, Unit
from zhicheng.core.parties.queries.units import forget_unit_tree
from zhicheng.core.parties.values import RoleRow, UnitRow
from zhicheng.kit.clock import CHINA

_PLAIN = ("name", "short_name", "kind", "division", "function", "phone", "ended_date")


def install_units(rows: Sequence[UnitRow], *, now: datetime) -> None:
    """Make the table say what the rows say, in the caller's transaction; only changed units are written."""
    kept = {unit.code: unit for unit in Unit.objects.all()}
    changed = [row for row in rows if row.code not in kept or _differs(kept[row.code], row)]
    if not changed:
        return
    # Plain columns first, references second: a parent or successor may come later in the file.
    units = [
        Unit(code=row.code, updated_at=now, **{column: getattr(row, column) for column in _PLAIN}) for row in changed
    ]
    Unit.objects.bulk_create(
        units, update_conflicts=True, unique_fields=["code"], update_fields=[*_PLAIN, "updated_at"]
    )
    for unit, row in zip(units, changed, strict=True):
        unit.parent_id, unit.successor_id = row.parent, row.successor
    Unit.objects.bulk_update(units, ["parent", "successor"], batch_size=500)
    transaction.on_commit(partial(forget_unit_tree))


def install_roles(rows: Sequence[RoleRow], *, now: datetime) -> None:
    """Make the table say what the rows say, in the caller's transaction; roles that are gone end today."""
    roles = [
        Role(
            code=row.code,
            label=row.label,
            permissions=sorted(row.permissions),
            subtree=row.subtree,
            description=row.description,
            ended_date=None,
        )
        for row in rows
    ]
    Role.objects.bulk_create(
        roles,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label", "permissions", "subtree", "description", "ended_date"],
    )
    gone = Role.objects.filter(ended_date__isnull=True).exclude(code__in=[row.code for row in rows])
    gone.update(ended_date=now.astimezone(CHINA).date())


def _differs(unit: Unit, row: UnitRow) -> bool:
    return (unit.parent_id, unit.successor_id) != (row.parent, row.successor) or any(
        getattr(unit, column) != getattr(row, column) for column in _PLAIN
    )

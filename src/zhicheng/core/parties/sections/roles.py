"""roles.yaml: roles and what each may do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.packs.public import Fault, Item, Loaded, PackSource, Section, parse_items, read_yaml_rows
from zhicheng.core.parties.operations.units import install_roles
from zhicheng.core.parties.policy.duties import separation_fault
from zhicheng.core.parties.values import PERMISSIONS, RoleRow

FILE = "roles.yaml"


class RoleLine(BaseModel):
    """One role."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    label: str = Field(min_length=1, max_length=60)
    permissions: list[str] = Field(min_length=1)
    subtree: bool = False
    description: str = Field(default="", max_length=300)


Roles = Sequence[Item[RoleLine]]


def load(root: Path) -> Loaded:
    """Read the file; faults of single roles."""
    rows, faults = read_yaml_rows(root, FILE, filled=True)
    items, found = parse_items(rows, RoleLine)
    first: dict[str, int] = {}
    faults = [*faults, *found]
    for item in items:
        code = item.value.code
        if code in first:
            message = f"角色 {code} 与第 {first[code]} 行重复。"
            faults.append(item.fault("roles.duplicate", message, "每个角色只能写一次，请删去一个。", key="code"))
        first.setdefault(code, item.row.line)
        faults += _permission_faults(item)
    return Loaded(items, faults)


def check(_value: Roles, _pack: PackSource) -> Iterable[Fault]:
    """Roles stand alone."""
    return ()


def install(value: Roles, _pack: PackSource, now: datetime) -> None:
    """Write the roles; a role that is gone ends."""
    rows = [RoleRow(**{**item.value.model_dump(), "permissions": tuple(item.value.permissions)}) for item in value]
    install_roles(rows, now=now)


def describe(value: Roles) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every role, for the release note."""
    for item in value:
        line = item.value
        fields = {
            "名称": line.label,
            "权限": "、".join(PERMISSIONS.get(code, code) for code in line.permissions),
            "范围": "本单位及下级" if line.subtree else "本单位",
            "说明": line.description,
        }
        yield "角色", line.code, line.label, fields


def _permission_faults(item: Item[RoleLine]) -> Iterator[Fault]:
    for index, permission in enumerate(item.value.permissions):
        if permission not in PERMISSIONS:
            message = f"角色 {item.value.code} 的权限 {permission} 不存在。"
            hint = f"可用的权限：{'、'.join(PERMISSIONS)}。"
            yield item.fault("roles.unknown_permission", message, hint, key=f"permissions.{index}")
    if fault := separation_fault((), item.value.permissions):
        yield item.fault("roles.mixed_duties", fault, "请拆成不同的角色。", key="permissions")


ROLES = Section("roles", "角色", load, check, install, describe)

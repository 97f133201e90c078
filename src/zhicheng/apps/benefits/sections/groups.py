"""`benefits/groups.yaml`: benefits that exclude each other, and which of them is paid."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.apps.benefits.queries.catalogue import GROUP_KIND
from zhicheng.core.packs.public import (
    Fault,
    Item,
    Loaded,
    PackSource,
    Section,
    parse_items,
    pin_definition,
    read_yaml_rows,
    sections,
)

FILE = "benefits/groups.yaml"
_CHOICES = {"order": "按次序取第一项", "larger": "取金额大的一项"}


class BasisLine(BaseModel):
    """Where the law says so."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=2, max_length=120)
    clause: str = Field(default="", max_length=120)


class GroupLine(BaseModel):
    """One group."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)
    label: str = Field(min_length=2, max_length=40)
    choose: Literal["order", "larger"]
    per: Literal["person", "household"] = "person"
    benefits: list[str] = Field(min_length=2, max_length=20)
    apart_days: int = Field(default=0, ge=0, le=3650)
    legal_source: BasisLine


Groups = list[Item[GroupLine]]


def load(root: Path) -> Loaded:
    """Read the file, if the pack has one."""
    if not (root / FILE).exists():
        return Loaded([])
    rows, faults = read_yaml_rows(root, FILE)
    items, found = parse_items(rows, GroupLine)
    return Loaded(items, [*faults, *found])


def check(value: Groups, pack: PackSource) -> Iterator[Fault]:
    """Benefits that exist, of one audience and period, all by the calendar or all by events, each in one group."""
    known = {item.value.code: item.value for item in pack.values.get("benefits") or ()}
    used: set[str] = set()
    for item in value:
        line = item.value
        for code in line.benefits:
            if code not in known:
                yield item.fault("benefits.group", f"没有补贴「{code}」。", "请核对补贴代码。", key="benefits")
            if code in used:
                message = f"补贴「{code}」已在另一组或重复列出。"
                yield item.fault("benefits.group_twice", message, "一项补贴至多在一组里出现一次。", key="benefits")
            used.add(code)
        kinds = {(known[code].audience, known[code].period) for code in line.benefits if code in known}
        if {bool(known[code].event) for code in line.benefits if code in known} == {True, False}:
            message = f"「{line.label}」里有按事件发放的补贴，和别的补贴不在同一期，不能比较。"
            yield item.fault("benefits.group_event", message, "请把它移出这一组，或删去它的 event。", key="benefits")
        elif bool(line.apart_days) != any(known[code].event for code in line.benefits if code in known):
            message = f"「{line.label}」没有说清多少天之内只发一项。"
            hint = "各项都按事件发放的，请写 apart_days（天数）；按月、按年或一次性的，不写。"
            yield item.fault("benefits.group_event", message, hint, key="benefits")
        if len(kinds) > 1:
            message = f"「{line.label}」各项的对象或周期不一致，不能比较。"
            yield item.fault("benefits.group_mixed", message, "同组各项的 audience 和 period 应相同。", key="benefits")


def install(value: Groups, _pack: PackSource, now: datetime) -> None:
    """Pin every group."""
    for item in value:
        body = item.value.model_dump(exclude={"code", "label"})
        pin_definition(GROUP_KIND, item.value.code, body, label=item.value.label, now=now)


def describe(value: Groups) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every group."""
    for item in value:
        line = item.value
        fields = {"取舍": _CHOICES[line.choose], "补贴": "、".join(line.benefits)}
        yield "互斥补贴", line.code, line.label, fields


sections.add("benefit_groups", Section("benefit_groups", "互斥补贴", load, check, install, describe))

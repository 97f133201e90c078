"""`processes/*.yaml`: one process a file, checked as a state table before any case runs on it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Count

from zhicheng.core.cases.gate.definitions import PROCESS_KIND
from zhicheng.core.cases.models import Case
from zhicheng.core.cases.operations.notifying import CLOCK_MESSAGES, RECIPIENTS
from zhicheng.core.notices.public import needed_messages
from zhicheng.core.packs.public import (
    Fault,
    Loaded,
    PackSource,
    Row,
    Section,
    guards,
    pin_definition,
    read_yaml,
    sections,
)
from zhicheng.core.parties.values import PERMISSIONS
from zhicheng.engines.statetable.checking import Problem, check_process
from zhicheng.engines.statetable.definition import Process, parse_process


@dataclass(frozen=True)
class ProcessFile:
    """A process with the file it was read from."""

    row: Row
    process: Process


def load(root: Path) -> Loaded:
    """Read every process file; one that cannot be read is reported and left out."""
    files: list[ProcessFile] = []
    faults: list[Fault] = []
    for path in sorted((root / "processes").glob("*.yaml")):
        row, found = read_yaml(root, f"processes/{path.name}")
        faults += found
        if row is not None:
            _parse(row, files, faults)
    return Loaded(files, faults)


def check(value: list[ProcessFile], pack: PackSource) -> Iterator[Fault]:
    """Names, reachability, dead ends, clocks; message templates that exist."""
    codes = [file.process.code for file in value]
    for file in value:
        if codes.count(file.process.code) > 1:
            yield file.row.fault(
                "process.duplicate", f"流程 {file.process.code} 定义了两次。", "只留一个文件。", key="code"
            )
        for problem in check_process(file.process, permissions=PERMISSIONS, processes=codes):
            yield _fault(file.row, problem)
        yield from _check_messages(file, pack.values.get("messages"))


def install(value: list[ProcessFile], _pack: PackSource, now: datetime) -> None:
    """Pin every process; cases that run on an older one keep it."""
    for file in value:
        pin_definition(PROCESS_KIND, file.process.code, file.row.values, label=file.process.label, now=now)


def describe(value: list[ProcessFile]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """A process, its states and actions, each as one item of the release notes."""
    for file in value:
        process = file.process
        yield "流程", process.code, process.label, {"起始状态": process.states[process.initial].label}
        for action in process.actions.values():
            who = "、".join(sorted(action.who))
            target = "、".join(branch.state for branch in action.targets)
            yield (
                "流程动作",
                f"{process.code}.{action.code}",
                f"{process.label}·{action.label}",
                {"执行人": who, "去向": target},
            )
        for clock in process.clocks.values():
            yield (
                "流程时限",
                f"{process.code}.{clock.code}",
                f"{process.label}·{clock.label}",
                {"时限": str(clock.limit)},
            )


def refuse_stranding(pack: PackSource) -> Iterable[Fault]:
    """An upgrade that drops a process on which cases still run is refused."""
    kept = {file.process.code for file in pack.values.get("processes", ())}
    running = Case.objects.filter(final=False).exclude(process__in=kept).values("process").annotate(count=Count("id"))
    for row in running:
        message = f"流程 {row['process']} 已从城市包中删去，但还有 {row['count']} 件工单在办。"
        yield Fault("processes", 0, "process.stranded", message, "保留这个流程文件，或先把在办工单迁移到新流程。")


def _parse(row: Row, files: list[ProcessFile], faults: list[Fault]) -> None:
    try:
        files.append(ProcessFile(row, parse_process(row.values)))
    except ValueError as error:
        faults.append(
            row.fault("process.unreadable", f"流程读不懂：{error}。", "对照 docs/guide/packs.md 的流程一节改正。")
        )


def _fault(row: Row, problem: Problem) -> Fault:
    key = problem.path
    while key and key not in row.key_lines:
        key = key.rpartition(".")[0]
    return row.fault(f"process.{problem.code}", f"{problem.message}。", f"{problem.hint}。", key=key)


def _check_messages(file: ProcessFile, messages: Any) -> Iterator[Fault]:
    known = {str(message) for message in messages} if isinstance(messages, Mapping) else None
    for action in file.process.actions.values():
        for role, template in action.notify.items():
            if role.partition(":")[0] not in RECIPIENTS:
                message = f"动作 {action.code} 的消息收件人 {role} 不认识。"
                hint = f"可用的收件人：{'、'.join(sorted(RECIPIENTS))}。"
                key = f"actions.{action.code}.notify"
                yield file.row.fault("process.unknown_recipient", message, hint, key=key)
            if known is not None and template not in known:
                message = f"动作 {action.code} 用到的消息 {template} 不存在。"
                yield file.row.fault(
                    "process.unknown_message",
                    message,
                    "在 messages.yaml 里补上这条消息。",
                    key=f"actions.{action.code}.notify",
                )


_WHEN = {"warning": "时限即将到期", "overdue": "时限到期", "escalation": "超时逐级上报"}
for _kind, _code in CLOCK_MESSAGES.items():
    needed_messages.add(_code, _WHEN[_kind])
sections.add("processes", Section("processes", "办理流程", load, check, install, describe))
guards.add("cases.stranded", refuse_stranding)

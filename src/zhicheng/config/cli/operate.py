"""`zhicheng ledger|outbox|doctor|backup|restore`: what an operator does to a running city."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from zhicheng.kit.clock import now

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

ACTOR_REF = "system:cli"


def register(commands: "argparse._SubParsersAction[ArgumentParser]") -> None:
    """Add the commands."""
    _register_ledger(commands)
    outbox = commands.add_parser("outbox", help="事件发件箱").add_subparsers(required=True, metavar="动作")
    retry = outbox.add_parser("retry", help="重新投递多次失败、已搁置的事件")
    retry.add_argument("events", nargs="*", type=UUID, metavar="事件", help="只重投这些事件；不写则全部")
    retry.set_defaults(run=run_retry)

    doctor = commands.add_parser("doctor", help="检查这座城市能不能放心运行")
    doctor.add_argument("--json", action="store_true", help="输出 JSON，供程序读取")
    doctor.add_argument("--demo", action="store_true", help="这是演示环境：允许演示账号")
    doctor.set_defaults(run=run_doctor)

    backup = commands.add_parser("backup", help="把数据库、文件、账本检查点备份成一个文件")
    backup.add_argument("file", type=Path, help="备份文件（.tar）")
    backup.add_argument("--without-keys", action="store_true", help="不带密钥（密钥另行保管）")
    backup.set_defaults(run=run_backup, needs_django=False)

    restore = commands.add_parser("restore", help="从备份恢复到一个空的 ZHICHENG_HOME")
    restore.add_argument("file", type=Path, help="备份文件（.tar）")
    restore.set_defaults(run=run_restore, needs_django=False)


def _register_ledger(commands: "argparse._SubParsersAction[ArgumentParser]") -> None:
    ledger = commands.add_parser("ledger", help="操作账本").add_subparsers(required=True, metavar="动作")
    verify = ledger.add_parser("verify", help="逐条校验账本：改动、删除、调换、截断都会被发现")
    verify.add_argument("--json", action="store_true", help="输出 JSON，供程序读取")
    verify.set_defaults(run=run_verify)
    entries = ledger.add_parser("entries", help="查看最近的记录，新的在前")
    entries.add_argument("--subject", default="", help="只看这个对象，如 case:<编号>")
    entries.add_argument("--limit", type=int, default=20, help="条数")
    entries.set_defaults(run=run_entries)


def run_verify(options: "Namespace") -> int:
    """Verify the ledger; 1 when anything was found."""
    from zhicheng.core.ledger.public import verify

    report = verify(now=now())
    if options.json:
        print(json.dumps(_report(report), ensure_ascii=False))
    else:
        for finding in report.findings:
            print(f"{finding.kind.value}  {finding.text}")
        state = "完好" if report.is_intact else f"发现 {len(report.findings)} 处问题"
        age = f"，最早的已等 {report.unsealed_age_s:.0f} 秒" if report.unsealed else ""
        waiting = f"{report.unsealed} 条待封存{age}"
        print(f"账本{state}：已封存 {report.entries} 条，检查点 {report.checkpoints} 个，{waiting}。")
    return 0 if report.is_intact else 1


def run_entries(options: "Namespace") -> int:
    """Print recent entries, one a line."""
    from zhicheng.core.ledger.public import list_entries

    page = list_entries(subject=options.subject, limit=max(1, options.limit))
    for found in page.entries:
        entry = found.entry
        place = found.seq if found.seq is not None else "待封存"
        print(f"{place}\t{entry.at.isoformat()}\t{entry.action}\t{entry.actor}\t{entry.subject}")
    return 0


def run_retry(options: "Namespace") -> int:
    """Give parked events another round."""
    from zhicheng.core.ledger.public import list_parked, retry_parked

    for parked in list_parked():
        print(f"{parked.event.id}  {parked.event.type}  {parked.failure}", file=sys.stderr)
    count = retry_parked(actor=ACTOR_REF, now=now(), events=options.events)
    print(f"已安排重投 {count} 个事件。")
    return 0


def run_doctor(options: "Namespace") -> int:
    """Print every check; 1 when one failed."""
    from zhicheng.config.operating.doctor import examine

    checks = examine(now(), demo=options.demo)
    if options.json:
        print(json.dumps({"checks": [asdict(check) for check in checks]}, ensure_ascii=False))
    else:
        for check in checks:
            print(f"{check.mark}  {check.name}:{check.found}" + (f"\n      {check.advice}" if check.advice else ""))
    return 1 if any(check.state == "fail" for check in checks) else 0


def run_backup(options: "Namespace") -> int:
    """Write a backup."""
    from zhicheng.config.operating.backup import back_up

    written = back_up(options.file, with_keys=not options.without_keys)
    size_mb = written.size_bytes / 1e6
    print(f"已备份到 {options.file}（{size_mb:.1f} MB,{written.parts} 个文件，SM3 {written.digest[:16]}…）。")
    if not options.without_keys:
        print("备份里有密钥：请像保管密钥一样保管它。", file=sys.stderr)
    return 0


def run_restore(options: "Namespace") -> int:
    """Restore into an empty home and verify the ledger there."""
    from zhicheng.config.operating.backup import restore

    restored = restore(options.file)
    ledger = f"账本 {restored.ledger_entries} 条校验通过"
    if restored.ledger_entries is None:
        ledger = "备份里没有密钥：请把 keys 和 secrets 放回原处，再运行 zhicheng ledger verify"
    print(f"已恢复到 {restored.home}：{restored.parts} 个文件，{ledger}。启动：zhicheng up")
    return 0


def _report(report: Any) -> dict[str, Any]:
    return {
        "intact": report.is_intact,
        "entries": report.entries,
        "unsealed": report.unsealed,
        "checkpoints": report.checkpoints,
        "unsealed_age_s": report.unsealed_age_s,
        "seconds": round(report.duration_s, 3),
        "findings": [
            {"kind": finding.kind.value, "seq": finding.seq, "until": finding.until, "text": finding.text}
            for finding in report.findings
        ],
    }

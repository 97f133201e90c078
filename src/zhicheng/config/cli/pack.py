"""`zhicheng pack`: check, compare, test and install a city pack."""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from zhicheng.kit.clock import now

if TYPE_CHECKING:
    from zhicheng.core.packs.public import Fault

ACTOR_REF = "system:cli"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `pack` command."""
    parser = commands.add_parser("pack", help="检查、比较、测试、安装城市包")
    actions = parser.add_subparsers(required=True, metavar="动作")

    check = actions.add_parser("check", help="找出城市包里的全部问题")
    check.add_argument("path", type=Path, help="城市包所在目录")
    check.add_argument("--json", action="store_true", help="输出 JSON，供程序读取")
    check.set_defaults(run=run_check, needs_django=True)

    diff = actions.add_parser("diff", help="写出两个版本的更新说明；只给一个目录时与已安装的版本比较")
    diff.add_argument("old", type=Path, help="旧版本目录")
    diff.add_argument("new", type=Path, nargs="?", help="新版本目录")
    diff.set_defaults(run=run_diff, needs_django=True)

    test = actions.add_parser("test", help="运行城市包自带的测试（tests/*.yaml）")
    test.add_argument("path", type=Path, help="城市包所在目录")
    test.set_defaults(run=run_test, needs_django=True)

    install = actions.add_parser("install", help="安装城市包：先检查和测试，有问题就不安装")
    install.add_argument("path", type=Path, help="城市包所在目录")
    install.add_argument("--skip-tests", action="store_true", help="不运行城市包自带的测试")
    install.add_argument("--again", action="store_true", help="内容没有变化也重新安装一遍")
    install.set_defaults(run=run_install, needs_django=True)

    migrate = actions.add_parser("migrate-cases", help="把在办工单从旧版流程迁移到新版流程；不写哈希时列出各版本")
    migrate.add_argument("--from", dest="old", default="", metavar="哈希", help="旧流程的内容哈希")
    migrate.add_argument("--to", dest="new", default="", metavar="哈希", help="新流程的内容哈希")
    migrate.add_argument("--map", type=Path, metavar="文件", help="YAML 对照表：旧状态: 新状态")
    migrate.add_argument("--dry-run", action="store_true", help="只检查，不迁移")
    migrate.set_defaults(run=run_migrate, needs_django=True)


def run_check(options: argparse.Namespace) -> int:
    """Print every fault; 1 when there is any."""
    from zhicheng.core.packs.public import check_pack

    faults = check_pack(options.path)
    if options.json:
        print(json.dumps({"faults": [asdict(fault) for fault in faults]}, ensure_ascii=False, indent=2))
    else:
        _print_faults(faults)
        print(f"发现 {len(faults)} 处问题。" if faults else "没有发现问题。")
    return 1 if faults else 0


def run_diff(options: argparse.Namespace) -> int:
    """Print release notes in Markdown; 1 where there is nothing to compare with."""
    from zhicheng.core.packs.public import NoPackInstalled, release_notes_between, release_notes_for

    missing = [path for path in (options.old, options.new) if path and not path.is_dir()]
    for path in missing:
        print(f"没有这个目录：{path}", file=sys.stderr)
    if missing:
        return 1
    try:
        notes = release_notes_between(options.old, options.new) if options.new else release_notes_for(options.old)
    except NoPackInstalled as error:
        print(error, file=sys.stderr)
        return 1
    print(notes, end="")
    return 0


def run_test(options: argparse.Namespace) -> int:
    """Run the pack's own tests; 1 when one fails or the pack has faults."""
    from zhicheng.core.packs.public import run_pack_tests

    count, faults = run_pack_tests(options.path)
    _print_faults(faults)
    print(f"共 {count} 条测试，发现 {len(faults)} 处问题。" if faults else f"{count} 条测试全部通过。")
    return 1 if faults else 0


def run_install(options: argparse.Namespace) -> int:
    """Test and install; 1 when the pack is refused, and then nothing has changed."""
    from zhicheng.core.packs.public import PackRefused, install_pack, run_pack_tests

    if not options.skip_tests:
        _, faults = run_pack_tests(options.path)
        if faults:
            return _refused(faults)
    try:
        release = install_pack(options.path, now=now(), actor_ref=ACTOR_REF, again=options.again)
    except PackRefused as error:
        return _refused(error.faults)
    what = "已安装" if release.fresh else "内容没有变化，无需安装"
    print(f"{release.code} {release.version}：{what}（SM3 {release.digest[:16]}…）。")
    return 0


def run_migrate(options: argparse.Namespace) -> int:
    """Move running cases to another version of their process; 1 when it is refused, and then nothing has moved."""
    from zhicheng.core.cases.errors import MigrationRefused
    from zhicheng.core.cases.public import MigrationPlan, migrate_cases
    from zhicheng.core.packs.public import read_yaml

    if not options.old or not options.new:
        return _list_processes()
    row, faults = read_yaml(options.map.parent, options.map.name) if options.map else (None, [])
    if faults:
        _print_faults(faults)
        return 1
    states = {str(old): str(new) for old, new in row.values.items()} if row else {}
    plan = MigrationPlan(options.old, options.new, states)
    try:
        count = migrate_cases(plan, actor_ref=ACTOR_REF, now=now(), dry_run=options.dry_run)
    except MigrationRefused as error:
        print(error)
        for misfit in error.misfits:
            print(f"  {misfit.number}  {misfit.state}  {misfit.why}")
        return 1
    print(f"可以迁移 {count} 件在办工单（没有改动）。" if options.dry_run else f"已迁移 {count} 件在办工单。")
    return 0


def _list_processes() -> int:
    from zhicheng.core.cases.public import list_running_processes

    for one in list_running_processes():
        current = "现行" if one.is_current else "旧版"
        print(f"{one.hash}  {one.code}  {one.label}  {current}  在办 {one.running} 件")
    print("用 --from 和 --to 写明从哪个版本迁移到哪个版本。")
    return 1


def _refused(faults: Iterable["Fault"]) -> int:
    listed = list(faults)
    _print_faults(listed)
    print(f"没有安装：发现 {len(listed)} 处问题，运行中的城市没有任何变化。")
    return 1


def _print_faults(faults: Iterable["Fault"]) -> None:
    for fault in faults:
        print(f"{fault.file}:{fault.line}  {fault.code}  {fault.message}")
        if fault.hint:
            print(f"    {fault.hint}")

"""`zhicheng lake`: put tables in, see what is there, list what was rejected, keep a copy and come back from it."""

import argparse
import csv
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from zhicheng.kit.clock import CHINA, now

if TYPE_CHECKING:
    from zhicheng.core.lake.values import IngestReport

ACTOR_REF = "system:cli"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `lake` command."""
    parser = commands.add_parser("lake", help="数据湖：入库、查看、列出被拒绝的行、副本")
    actions = parser.add_subparsers(required=True, metavar="动作")

    ingest = actions.add_parser("ingest", help="把文件读进一张表；不合格的行列出原因，不会悄悄丢掉")
    ingest.add_argument("table", help="城市包 lake/ 里声明的表")
    given = ingest.add_mutually_exclusive_group(required=True)
    given.add_argument(
        "file", type=Path, nargs="?", help="CSV、XLSX、JSON、Parquet、GeoJSON、Shapefile、GeoPackage 等文件"
    )
    given.add_argument("--query", metavar="SQL", help="从另一个 PostgreSQL 库查询，地址写在 --database 或环境变量")
    ingest.add_argument("--database", default=os.environ.get("ZHICHENG_SOURCE_DATABASE", ""), help="那个库的地址")
    ingest.add_argument("--append", action="store_true", help="追加到现有内容之后（默认整表替换）")
    ingest.set_defaults(run=run_ingest, needs_django=True)

    project = actions.add_parser("project", help="把业务数据的变化投影到数据湖；--rebuild 从头重建")
    project.add_argument("tables", nargs="*", metavar="表", help="只重建这些表（默认全部）")
    project.add_argument("--rebuild", action="store_true", help="从业务库重建整张表，旧版本仍可查询")
    project.set_defaults(run=run_project, needs_django=True)

    query = actions.add_parser("query", help="用 SQL（DuckDB）查询湖里的表")
    query.add_argument("sql", help="一条 SELECT")
    query.add_argument("--as-of", type=datetime.fromisoformat, help="当时的内容，例如 2026-11-01T00:00:00+08:00")
    query.add_argument("--limit", type=int, default=100, help="最多显示多少行")
    query.set_defaults(run=run_query, needs_django=True)

    history = actions.add_parser("history", help="一张表的各个版本")
    history.add_argument("table")
    history.set_defaults(run=run_history, needs_django=True)

    tables = actions.add_parser("tables", help="有哪些表、第几版、多少行")
    tables.set_defaults(run=run_tables, needs_django=True)

    rejected = actions.add_parser("rejected", help="一次入库中被拒绝的行")
    rejected.add_argument("ingest", help="入库编号")
    rejected.add_argument("--limit", type=int, default=100, help="最多列出多少条")
    rejected.set_defaults(run=run_rejected, needs_django=True)

    copy = actions.add_parser("copy", help="对象存储里的副本：把还没有复制的版本复制过去，说明现状")
    copy.add_argument("--anew", metavar="表", help="以本机为准，重新复制这张表")
    copy.set_defaults(run=run_copy, needs_django=True)

    restore = actions.add_parser("restore", help="从对象存储里的副本取回整个湖（先停下城市）")
    restore.add_argument("tables", nargs="*", metavar="表", help="只取回这些表（默认全部）")
    restore.add_argument("--force", action="store_true", help="原来的城市刚刚还在写也接管：只在确知它已停下时用")
    restore.set_defaults(run=run_restore, needs_django=True)


def run_ingest(options: argparse.Namespace) -> int:
    """Ingest and print the report; 1 when rows were rejected."""
    from zhicheng.core.lake.public import ingest
    from zhicheng.core.lake.values import DatabaseQuery, Mode

    mode = Mode.APPEND if options.append else Mode.REPLACE
    source = DatabaseQuery(options.database, options.query) if options.query else options.file
    return print_report(ingest(options.table, source, mode=mode, actor=ACTOR_REF, now=now()))


def print_report(report: "IngestReport", verb: str = "入库") -> int:
    """What became of the rows of a file; 1 when some were rejected."""
    from zhicheng.core.lake.values import REASON_LABELS, Reason

    print(f"{report.version.label}：读入 {report.read} 行，{verb} {report.accepted} 行，拒绝 {report.rejected} 行。")
    for code, count in report.reasons.items():
        print(f"  {REASON_LABELS[Reason(code)]}：{count} 处")
    if report.absent:
        print(f"  文件里没有这些列，全部记为未知：{'、'.join(report.absent)}")
    if report.ignored:
        print(f"  没有声明的列没有{verb}：{'、'.join(report.ignored)}")
    if report.rejected:
        print(f"逐行查看：zhicheng lake rejected {report.id}")
    return 1 if report.rejected else 0


def run_project(options: argparse.Namespace) -> int:
    """Project what waits, or make tables anew; 2 when a table follows nothing."""
    from zhicheng.core.lake.public import project_changes, projections, rebuild_table

    if not options.rebuild:
        print(f"投影了 {project_changes(now=now())} 处变化。")
        return 0
    unknown = [name for name in options.tables if name not in projections]
    if unknown:
        print(f"没有这样的投影：{'、'.join(unknown)}。可以重建的有：{'、'.join(projections.codes())}", file=sys.stderr)
        return 2
    for name in options.tables or projections.codes():
        version = rebuild_table(name, actor=ACTOR_REF, now=now())
        print(f"{version.label}：{version.rows:,} 行" if version else f"{name}：城市包没有声明这张表，跳过")
    return 0


def run_query(options: argparse.Namespace) -> int:
    """Print the first rows of a query as a CSV table; no more are read than are printed."""
    from zhicheng.core.lake.public import connect

    with connect(as_of=options.as_of) as lake:
        found = lake.table(f"SELECT * FROM (\n{options.sql.strip().rstrip(';')}\n) LIMIT {options.limit + 1}")
    lines = csv.writer(sys.stdout)
    lines.writerow(found.column_names)
    for row in found.slice(0, options.limit).to_pylist():
        lines.writerow(row.values())
    if found.num_rows > options.limit:
        print(f"还有更多行，只显示前 {options.limit} 行。", file=sys.stderr)
    return 0


def run_history(options: argparse.Namespace) -> int:
    """Print the versions of a table that can still be read, newest first."""
    from zhicheng.core.lake.public import list_versions

    for version in list_versions(options.table):
        print(f"{version.label:<32}{version.rows:>14,} 行  {version.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}")
    return 0


def run_tables(_options: argparse.Namespace) -> int:
    """Print the newest version of each table."""
    from zhicheng.core.lake.public import list_tables

    for version in list_tables():
        print(f"{version.label:<32}{version.rows:>14,} 行  {version.at.astimezone(CHINA):%Y-%m-%d %H:%M}")
    return 0


def run_rejected(options: argparse.Namespace) -> int:
    """Print rejected rows; 2 when the number is none."""
    from zhicheng.core.lake.public import list_rejections
    from zhicheng.core.lake.values import REASON_LABELS

    try:
        number = UUID(options.ingest)
    except ValueError:
        print(f"“{options.ingest}”不是入库编号。编号在入库时打印。", file=sys.stderr)
        return 2
    for found in list_rejections(number, count=options.limit):
        other = (
            "" if found.other_row is None else f"（与第 {found.other_row} 行）" if found.other_row else "（与已有的行）"
        )
        value = f"：“{found.value}”" if found.value else ""
        print(f"第 {found.row} 行 {found.column} {REASON_LABELS[found.reason]}{other}{value}")
    return 0


def run_copy(options: argparse.Namespace) -> int:
    """Carry what waits and say how the copy stands; 1 where something keeps it, 2 where none is wanted."""
    from zhicheng.core.lake.public import Copier, copy_anew, copy_state, has_copy

    if not has_copy():
        print("没有设置副本：请设 ZHICHENG_LAKE_S3=s3://桶/前缀。", file=sys.stderr)
        return 2
    if options.anew:
        print(f"{options.anew}：重新复制了 {copy_anew(options.anew, now=now())} 个版本。")
    copier = Copier()
    while done := copier.attempt(now()):
        print(f"复制了 {done} 个版本。")
    state = copy_state()
    if state is None:
        return 2
    told = state.told
    for words in (told.fault, *(f"{table}：{why}" for table, why in told.faults.items())):
        if words:
            print(words, file=sys.stderr)
    for table in told.lost:
        print(f"{table}：本机已经没有，副本还在。取回：zhicheng lake restore {table}", file=sys.stderr)
    print(f"{state.place}：落后 {state.versions_behind} 个版本。")
    return 1 if told.fault or told.faults else 0


def run_restore(options: argparse.Namespace) -> int:
    """Bring tables back one by one."""
    from zhicheng.core.lake.public import has_copy, restore_lake

    if not has_copy():
        print("没有设置副本：请设 ZHICHENG_LAKE_S3=s3://桶/前缀。", file=sys.stderr)
        return 2
    count = 0
    for brought in restore_lake(options.tables, now=now(), force=options.force):
        words = "本机已有，未改动" if brought.was_here else f"取回 {brought.size_bytes / 1e6:,.1f} MB"
        print(f"{brought.table}：{words}")
        count += not brought.was_here
    print(f"取回了 {count} 张表，副本从现在起由本机续写。")
    print("业务库若恢复自更早的备份，启动后请运行 zhicheng lake project --rebuild。")
    return 0

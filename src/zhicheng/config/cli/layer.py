"""`zhicheng layer`: what lies on the city's map, putting files there, comparing versions."""

import argparse
from pathlib import Path

from zhicheng.config.cli.lake import ACTOR_REF, print_report
from zhicheng.kit.clock import CHINA, now

_CHANGES = {"added": "新增", "removed": "删除", "changed": "变更"}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `layer` command."""
    parser = commands.add_parser("layer", help="图层：查看、装入、重建索引、比较版本")
    actions = parser.add_subparsers(required=True, metavar="动作")

    listed = actions.add_parser("list", help="有哪些图层、第几版、多少个对象")
    listed.set_defaults(run=run_list, needs_django=True)

    install = actions.add_parser("install", help="把文件装入图层；不合格的行列出原因，不会悄悄丢掉")
    install.add_argument("layer", help="城市包 layers/ 里声明的图层")
    install.add_argument("file", type=Path, help="GeoJSON、Shapefile（或 .zip）、GeoPackage、GeoParquet、CSV、XLSX")
    install.add_argument("--append", action="store_true", help="追加到现有内容之后（默认整层替换）")
    install.add_argument("--crs", default="", help="坐标系：4326、4490、3857、gcj02、bd09 等（默认看文件）")
    install.add_argument("--swap", action="store_true", help="文件把纬度写在经度前面，请对调")
    install.set_defaults(run=run_install, needs_django=True)

    rebuild = actions.add_parser("rebuild", help="从数据湖里的表重建图层的索引")
    rebuild.add_argument("layer", help="图层代码")
    rebuild.set_defaults(run=run_rebuild, needs_django=True)

    diff = actions.add_parser("diff", help="比较图层的两个版本")
    diff.add_argument("layer", help="图层代码")
    diff.add_argument("old", type=int, help="旧版本号")
    diff.add_argument("new", type=int, help="新版本号")
    diff.add_argument("--limit", type=int, default=20, help="最多列出多少个对象")
    diff.set_defaults(run=run_diff, needs_django=True)


def run_list(_options: argparse.Namespace) -> int:
    """Print each declared layer with what is served of it."""
    from zhicheng.core.places.public import LayerEmpty, list_layers, open_layer

    for layer in list_layers():
        try:
            reader = open_layer(layer.code)
        except LayerEmpty:
            print(f"{layer.code:<20}{layer.label}  没有数据")
            continue
        at = reader.version.at.astimezone(CHINA)
        print(f"{layer.code:<20}{layer.label}  第 {reader.version.version} 版 {reader.count:,} 个  {at:%Y-%m-%d %H:%M}")
    return 0


def run_install(options: argparse.Namespace) -> int:
    """Install and print the report; 1 when rows were rejected."""
    from zhicheng.core.lake.values import Mode
    from zhicheng.core.places.public import LayerFile, install_layer

    mode = Mode.APPEND if options.append else Mode.REPLACE
    file = LayerFile(options.file, crs=options.crs, swapped=options.swap)
    report = install_layer(options.layer, file, mode=mode, actor=ACTOR_REF, now=now())
    return print_report(report, "装入")


def run_rebuild(options: argparse.Namespace) -> int:
    """Build the index again; 1 when another process is at it."""
    from zhicheng.core.places.public import open_layer, rebuild_layer

    if not rebuild_layer(options.layer):
        print("另一个进程正在重建这个图层的索引，请稍后再试。")
        return 1
    reader = open_layer(options.layer)
    print(f"{reader.version.label}：{reader.count:,} 个对象的索引已经重建。")
    return 0


def run_diff(options: argparse.Namespace) -> int:
    """Print what changed."""
    from zhicheng.core.places.public import diff_layer

    found = diff_layer(options.layer, options.old, options.new, limit=options.limit)
    counts = "，".join(f"{_CHANGES[change.value]} {count} 个" for change, count in found.counts.items())
    print(f"{found.old.label} → {found.new.label}：{counts}。")
    for change in found.changes:
        columns = "、".join(change.after or change.before) if change.change.value == "changed" else ""
        print(f"  {_CHANGES[change.change.value]} {change.key}{'：' if columns else ''}{columns}")
    if found.after is not None:
        print("  还有更多，请加大 --limit。")
    return 0

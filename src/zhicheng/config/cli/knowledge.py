"""`zhicheng knowledge`: make the search index anew, see what it holds."""

import argparse


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `knowledge` command."""
    parser = commands.add_parser("knowledge", help="知识库：重建检索索引、查看状态")
    actions = parser.add_subparsers(required=True, metavar="动作")

    rebuild = actions.add_parser("rebuild", help="从数据库重新建立本机的检索索引；完成之前仍用原来的索引")
    rebuild.set_defaults(run=run_rebuild, needs_django=True)

    status = actions.add_parser("status", help="本机的检索索引里有什么")
    status.set_defaults(run=run_status, needs_django=True)


def run_rebuild(_options: argparse.Namespace) -> int:
    """Gather, rebuild, print what the index holds."""
    from zhicheng.core.knowledge.public import gather_documents, rebuild_index
    from zhicheng.kit.clock import now

    gather_documents(now())
    figures = rebuild_index()
    print(f"索引已重建：{figures.documents} 篇文档，{figures.passages} 个段落，{figures.wordings} 条问法。")
    return 0


def run_status(_options: argparse.Namespace) -> int:
    """Print what the index holds; 1 while there is none."""
    from zhicheng.core.knowledge.public import get_index_state

    state = get_index_state()
    if state.figures is None:
        print("还没有索引。后台进程会自动建立；也可以运行 zhicheng knowledge rebuild。")
        return 1
    figures = state.figures
    print(f"{figures.documents} 篇文档，{figures.passages} 个段落，{figures.wordings} 条问法。")
    return 0

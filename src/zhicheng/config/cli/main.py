"""Entry of `zhicheng`: finds the command, prepares what it needs, prints errors as sentences."""

import argparse
import os
import sys
from collections.abc import Sequence

import django

from zhicheng.config.cli import bench, city, demo, evaluate, operate, pack, simulate
from zhicheng.kit.errors import ZhichengError

_GROUPS = (city, operate, pack, demo, simulate, bench, evaluate)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code."""
    options = parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    if getattr(options, "needs_django", True):
        django.setup()
    try:
        return int(options.run(options) or 0)
    except ZhichengError as error:
        print(f"{error}\n[{error.code}]", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """Every command with its options: what the documentation is checked against."""
    root = argparse.ArgumentParser(prog="zhicheng", description="智城：一座城市的数字政府")
    commands = root.add_subparsers(required=True, metavar="命令")
    for group in _GROUPS:
        group.register(commands)
    return root

"""Entry of `zhicheng`: finds the command, prepares what it needs, prints errors as sentences."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import django

from zhicheng.kit.errors import ZhichengError

# A command loads the module that brings it and no other: `up` does not wait for what `evaluate` needs.
GROUPS = {
    "city": {"up", "prepare", "worker"},
    "operate": {"ledger", "outbox", "doctor", "backup", "restore"},
    "keys": {"keys"},
    "pack": {"pack"},
    "demo": {"demo"},
    "simulate": {"simulate"},
    "bench": {"bench"},
    "lake": {"lake"},
    "layer": {"layer"},
    "indicators": {"indicators"},
    "knowledge": {"knowledge"},
    "evaluate": {"evaluate"},
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    options = parser(words[0] if words else "").parse_args(words)
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


def parser(command: str = "") -> argparse.ArgumentParser:
    """Every command with its options, or only those that come with one; the documentation is checked against it."""
    root = argparse.ArgumentParser(prog="zhicheng", description="智城：一座城市的数字政府")
    commands = root.add_subparsers(required=True, metavar="命令")
    for group in [name for name, found in GROUPS.items() if command in found] or GROUPS:
        import_module(f"zhicheng.config.cli.{group}").register(commands)
    return root

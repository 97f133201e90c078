"""The command line `zhicheng`: one module a command group; Django is loaded only where a command needs it."""

from zhicheng.config.cli.main import main

__all__ = ["main"]

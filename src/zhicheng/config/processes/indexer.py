"""The process that makes the index and ends; see `indexing`."""

import os
import signal

import django

from zhicheng.config.logs import configure_logs
from zhicheng.config.processes.lifeline import die_with_parent
from zhicheng.kit.clock import now


def main() -> int:
    """Make it; nothing where another process is at it."""
    die_with_parent(signal.SIGKILL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    django.setup()
    configure_logs()
    from zhicheng.core.knowledge.public import refresh_index  # noqa: PLC0415  # models: after django.setup()

    refresh_index(now())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The process that keeps the message broker; see `brokering`."""

import os
import signal

import django

from zhicheng.config.logs import configure_logs
from zhicheng.config.processes.lifeline import die_with_parent


def main() -> int:
    """Serve until told to stop, or until the server ends."""
    if "ZHICHENG_SUPERVISED" in os.environ:
        die_with_parent(signal.SIGTERM)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    django.setup()
    configure_logs()
    from zhicheng.config.processes.brokering import serve_broker  # noqa: PLC0415  # models: after django.setup()

    return serve_broker()


if __name__ == "__main__":
    raise SystemExit(main())

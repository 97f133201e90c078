"""The collector's process: one a city; see `collecting`."""

import os
import signal

import django

from zhicheng.config.logs import configure_logs
from zhicheng.config.processes.lifeline import die_with_parent


def main() -> int:
    """Collect until told to stop; what was read is brought into the lake first."""
    if "ZHICHENG_SUPERVISED" in os.environ:
        die_with_parent(signal.SIGTERM)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    django.setup()
    configure_logs()
    from zhicheng.config.processes.collecting import collect  # noqa: PLC0415  # models: after django.setup()

    return collect()


if __name__ == "__main__":
    raise SystemExit(main())

"""The part of the gate that needs a database: missing migrations, and both packs checked and tested.

Run as `python -m tests.gate`; `tests.plugin` brings the PostgreSQL.
"""

import os
import sys

import django
from django.core.management import call_command
from django.utils.module_loading import import_string

import tests.plugin  # noqa: F401  # a real PostgreSQL, before Django reads its settings
from zhicheng.config import environment


def main() -> int:
    """Exit code 0 when everything holds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    django.setup()
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    run_pack_tests = import_string("zhicheng.core.packs.public.run_pack_tests")

    failed = 0
    for name in ("shenzhen", "tinytown"):
        count, faults = run_pack_tests(environment.REPOSITORY / "packs" / name)
        for fault in faults:
            print(f"{name}/{fault.file}:{fault.line}  {fault.message}", file=sys.stderr)
        print(f"pack {name}: {count} tests, {len(faults)} faults")
        failed += len(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())

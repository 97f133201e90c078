"""What must be true before people are served: schema, pack, classifier, and demo data where asked for."""

from pathlib import Path

import structlog
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from zhicheng.apps.appeals.public import train_from_pack
from zhicheng.core.packs.public import NoPackInstalled, current_release, digest_files, install_pack
from zhicheng.kit.clock import now

_log = structlog.get_logger("zhicheng.prepare")


def prepare(pack_root: Path, *, upgrade: bool = False) -> None:
    """Bring the database up to this program, and install the pack when the city has none.

    A changed pack is installed only with `upgrade`: a running city does not change because files did.

    Raises:
        PackRefused: the pack has faults; nothing was changed.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    if upgrade or not _has_pack():
        release = install_pack(pack_root, now=now(), actor_ref="system:up")
        _log.info("pack installed", code=release.code, version=release.version, fresh=release.fresh)
        train_from_pack(now())
    elif current_release().digest != digest_files(pack_root):
        _log.warning("the pack's files differ from the installed pack", do="zhicheng pack diff; zhicheng pack install")


def _has_pack() -> bool:
    try:
        current_release()
    except NoPackInstalled:
        return False
    return True

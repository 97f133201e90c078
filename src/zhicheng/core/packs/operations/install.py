"""Installing a pack: all of it in one transaction, or nothing."""

from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry, Event
from zhicheng.core.packs.base import Fault, guards, sections
from zhicheng.core.packs.base.manifest import MANIFEST_FILE
from zhicheng.core.packs.errors import PackRefused
from zhicheng.core.packs.models import Release
from zhicheng.core.packs.queries.changes import pack_items
from zhicheng.core.packs.queries.folders import LoadedPack, check_loaded, describe_pack, digest_files, load_pack
from zhicheng.core.packs.queries.installed import forget_installed_pack, release_value
from zhicheng.core.packs.values import PackRelease
from zhicheng.kit.ids import uuid7

_LOCK = 0x7A63_7061_636B  # "zcpack": one install at a time, whatever the process


def install_pack(root: Path, *, now: datetime, actor_ref: str, again: bool = False) -> PackRelease:
    """Check the pack in a folder and make it the city that runs.

    The files that are installed already are not installed twice (`fresh` is False then), unless `again` is set.

    Raises:
        PackRefused: the pack has faults, belongs to another city, or would harm running work; nothing changed.
    """
    running = _running()
    if running is not None and not again and _is_same(running, digest_files(root)):
        return release_value(running)
    pack = load_pack(root)
    if faults := check_loaded(pack):
        raise PackRefused(faults)
    try:
        with transaction.atomic():
            return _install(pack, now, actor_ref, again)
    finally:
        forget_installed_pack()


def _install(pack: LoadedPack, now: datetime, actor_ref: str, again: bool) -> PackRelease:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    running = _running()
    if running is not None and not again and _is_same(running, pack.digest):
        return release_value(running)
    if faults := _guard_faults(pack, running):
        raise PackRefused(faults)
    release = _add_release(pack, now, actor_ref)
    for section in sections:
        section.install(pack.source.values[section.code], pack.source, now)
    _record(release, now, actor_ref)
    return release_value(release, fresh=True)


def _running() -> Release | None:
    return Release.objects.defer("described").order_by("-id").first()


def _is_same(running: Release, digest: str) -> bool:
    return running.digest == digest and running.software == _software()


def _software() -> str:
    """The sections that this software installs: when one is new, the same files have more to give."""
    return " ".join(sections.codes())


def _guard_faults(pack: LoadedPack, running: Release | None) -> list[Fault]:
    faults = [fault for guard in guards for fault in guard(pack.source)]
    if running is not None and running.code != pack.source.code:
        message = f"运行中的城市是 {running.code}，不能换成另一座城市 {pack.source.code}。"
        hint = "另一座城市请使用另一个数据库（DATABASE_URL）。"
        faults.append(Fault(MANIFEST_FILE, 0, "pack.other_city", message, hint))
    return sorted(faults)


def _add_release(pack: LoadedPack, now: datetime, actor_ref: str) -> Release:
    manifest = pack.manifest
    return Release.objects.create(
        code=pack.source.code,
        version=pack.source.version,
        digest=pack.digest,
        software=_software(),
        manifest=manifest.value.model_dump(mode="json") if manifest else {},
        described=pack_items(describe_pack(pack.source)),
        installed_at=now,
        actor_ref=actor_ref,
    )


def _record(release: Release, now: datetime, actor_ref: str) -> None:
    data = {"version": release.version, "digest": release.digest, "release": release.pk}
    subject = f"pack:{release.code}"
    record(
        Entry(uuid7(now), now, actor_ref, "packs.installed", subject, data=data),
        events=[Event(uuid7(now), now, "PackInstalled", subject, data)],
    )

"""The installed pack, kept in each process and compared with the database at most once a second."""

import time
from dataclasses import dataclass

from zhicheng.core.packs.base.manifest import ManifestFields, info_of
from zhicheng.core.packs.errors import NoPackInstalled
from zhicheng.core.packs.models import Release
from zhicheng.core.packs.values import PackInfo, PackRelease

_CHECK_EVERY_S = 1.0


@dataclass(frozen=True)
class _Seen:
    release: PackRelease
    info: PackInfo


class _Memory:
    """What this process last saw. Replaced as a whole, so that threads never see a mixture."""

    def __init__(self) -> None:
        self.seen: _Seen | None = None
        self.checked_at_s = float("-inf")

    def is_recent(self) -> bool:
        return time.monotonic() - self.checked_at_s < _CHECK_EVERY_S


_memory = _Memory()


def current_pack() -> PackInfo:
    """What the manifest of the installed pack says.

    Raises:
        NoPackInstalled: the city has none yet.
    """
    return _current().info


def current_release() -> PackRelease:
    """The newest installation.

    Raises:
        NoPackInstalled: the city has none yet.
    """
    return _current().release


def forget_installed_pack() -> None:
    """Look into the database at the next question: after an install, and between tests."""
    _memory.seen, _memory.checked_at_s = None, float("-inf")


def release_value(row: Release, *, fresh: bool = False) -> PackRelease:
    """A release row as a value."""
    return PackRelease(row.pk, row.code, row.version, row.digest, row.installed_at, row.actor_ref, fresh)


def _current() -> _Seen:
    seen = _memory.seen
    if seen is not None and _memory.is_recent():
        return seen
    newest = Release.objects.order_by("-id").values_list("id", flat=True).first()
    if newest is None:
        raise NoPackInstalled()
    if seen is None or seen.release.id != newest:
        row = Release.objects.defer("described").get(pk=newest)
        seen = _Seen(release_value(row), info_of(ManifestFields.model_validate(row.manifest)))
    _memory.seen, _memory.checked_at_s = seen, time.monotonic()
    return seen

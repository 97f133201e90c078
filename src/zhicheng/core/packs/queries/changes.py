"""What an upgrade would change: two folders, or the installed pack against a folder."""

import json
import zlib
from collections.abc import Sequence
from pathlib import Path

from zhicheng.core.packs.errors import NoPackInstalled
from zhicheng.core.packs.models import Release
from zhicheng.core.packs.policy import compare_items, release_notes
from zhicheng.core.packs.queries.folders import LoadedPack, describe_pack, load_pack
from zhicheng.core.packs.values import Change, DescribedItem


def diff_packs(old_root: Path, new_root: Path) -> list[Change]:
    """What differs between the packs in two folders."""
    return compare_items(describe_pack(load_pack(old_root).source), describe_pack(load_pack(new_root).source))


def diff_installed(new_root: Path) -> list[Change]:
    """What installing the pack in a folder would change.

    Raises:
        NoPackInstalled: the city has none yet.
    """
    release = _newest()
    return compare_items(unpack_items(bytes(release.described)), describe_pack(load_pack(new_root).source))


def release_notes_between(old_root: Path, new_root: Path) -> str:
    """The differences of two folders as Chinese release notes in Markdown."""
    old, new = load_pack(old_root), load_pack(new_root)
    changes = compare_items(describe_pack(old.source), describe_pack(new.source))
    return release_notes(changes, title=_title(_city(new), old.source.version, new.source.version))


def release_notes_for(new_root: Path) -> str:
    """What installing a folder would change, as Chinese release notes in Markdown.

    Raises:
        NoPackInstalled: the city has none yet.
    """
    new, release = load_pack(new_root), _newest()
    changes = compare_items(unpack_items(bytes(release.described)), describe_pack(new.source))
    return release_notes(changes, title=_title(_city(new), release.version, new.source.version))


def pack_items(items: Sequence[DescribedItem]) -> bytes:
    """Described items as compressed JSON, for the release row."""
    rows = [[i.section, i.section_label, i.kind, i.code, i.label, dict(i.fields)] for i in items]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), level=9)


def unpack_items(stored: bytes) -> list[DescribedItem]:
    """What `pack_items` stored."""
    return [DescribedItem(*row) for row in json.loads(zlib.decompress(stored))]


def _newest() -> Release:
    release = Release.objects.order_by("-id").first()
    if release is None:
        raise NoPackInstalled()
    return release


def _city(pack: LoadedPack) -> str:
    return pack.manifest.value.name if pack.manifest else pack.source.root.name


def _title(city: str, old: str, new: str) -> str:
    return f"{city}城市包 {old or '?'} → {new or '?'} 更新说明"

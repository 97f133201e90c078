"""The lake's copy in an object store: where it is, how far behind, and what keeps it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings

from zhicheng.core.lake.errors import CopyMisplaced
from zhicheng.core.lake.gate.copied import count_behind, read_mark, replace_text
from zhicheng.core.lake.gate.fetching import RESTORING
from zhicheng.core.lake.gate.objects import ObjectStore
from zhicheng.core.lake.gate.owning import claim_here, owned, owner_of
from zhicheng.core.lake.gate.versions import list_names
from zhicheng.core.lake.policy.buckets import read_bucket
from zhicheng.core.lake.policy.signing import Access
from zhicheng.core.lake.queries.tables import lake_root


@dataclass(frozen=True)
class CopyTold:
    """What the last round of copying said. `fault` kept all of it, `faults` single tables; `lost` are here no more."""

    at: str = ""
    fault: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class CopyState:
    """How the copy stands: versions that it lacks, by table, and when a round last came to its end."""

    place: str
    behind: Mapping[str, int]
    at: datetime | None
    told: CopyTold

    @property
    def versions_behind(self) -> int:
        """Over all tables."""
        return sum(self.behind.values())


def has_copy() -> bool:
    """Whether the operator wants one."""
    return bool(settings.LAKE_S3)


def open_store() -> ObjectStore:
    """The place of the copy, by the operator's settings.

    Raises:
        CopyMisplaced: they cannot be read, or a key is missing.
    """
    key_id, secret, token = settings.LAKE_S3_KEY
    if not key_id or not secret:
        raise CopyMisplaced(why="没有密钥，请设置 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY。")
    region = settings.LAKE_S3_REGION
    bucket = read_bucket(
        settings.LAKE_S3, endpoint=settings.LAKE_S3_ENDPOINT, region=region, is_virtual=settings.LAKE_S3_VIRTUAL
    )
    return ObjectStore(bucket, Access(key_id, secret, region, token))


def copy_state() -> CopyState | None:
    """How the copy stands, from this disk alone; None where none is wanted."""
    if not has_copy():
        return None
    root, told = lake_root(), read_told()
    claim = claim_here(root)
    counts = {name: count_behind(root / name, read_mark(root / name, claim)) for name in list_names(root)}
    behind = {name: count for name, count in counts.items() if count}
    return CopyState(settings.LAKE_S3, behind, datetime.fromisoformat(told.at) if told.at else None, told)


def require_no_other_lake() -> None:
    """Make sure that no lake is begun, empty or half restored, where the copy of a full one waits.

    Raises:
        CopyOwned: it waits.
        CopyMisplaced, CopyUnreachable, CopyRefused, BucketUnknown, CopyFailed: it cannot be told.
    """
    root = lake_root()
    if not has_copy() or claim_here(root) or (list_names(root) and not (root / RESTORING).exists()):
        return
    with open_store() as store:
        owner = owner_of(store)
        if owner is not None:
            raise owned(store, owner)


def read_told() -> CopyTold:
    """What the last round said."""
    try:
        found = json.loads(_told().read_text(encoding="utf-8"))
        return CopyTold(found["at"], found["fault"], found["faults"], tuple(found["lost"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return CopyTold()


def write_told(told: CopyTold) -> None:
    """Keep it for other processes."""
    _told().parent.mkdir(parents=True, exist_ok=True)
    replace_text(_told(), json.dumps(asdict(told), ensure_ascii=False))


def _told() -> Path:
    return lake_root() / ".copy.json"

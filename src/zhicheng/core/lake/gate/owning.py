"""Whose copy it is: one city writes to a prefix, any other is refused.

The claim is an identifier that lies in the lake and in the copy. An empty disk has none, so that a city that starts on
one neither writes to its own copy nor clears it: it restores first.
"""

import json
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from zhicheng.core.lake.errors import CopyInUse, CopyOwned
from zhicheng.core.lake.gate.copied import replace_text
from zhicheng.core.lake.gate.objects import ObjectStore
from zhicheng.kit.clock import CHINA
from zhicheng.kit.ids import uuid7

_OWNER = "_owner"
_TELLS = timedelta(minutes=5)  # how often an owner says that it still writes
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_SILENT = timedelta(minutes=10)


@dataclass(frozen=True)
class Owner:
    """Who writes to a copy, and when it last said so."""

    claim: str
    name: str
    at: datetime


def owner_of(store: ObjectStore) -> Owner | None:
    """Who owns a copy; None where nobody does."""
    held = store.get(_OWNER)
    if held is None:
        return None
    try:
        found = json.loads(held)
        return Owner(found["claim"], found["name"], datetime.fromisoformat(found["at"]))
    except (ValueError, KeyError, TypeError):
        return Owner("", "无法识别", _LONG_AGO)


def claim_here(root: Path) -> str:
    """The claim of the lake on this disk; empty where it has none."""
    mark = root / ".owner"
    return mark.read_text(encoding="ascii") if mark.exists() else ""


def hold(store: ObjectStore, root: Path, *, now: datetime) -> str:
    """Make sure that the copy is ours, and say so from time to time; our claim.

    Raises:
        CopyOwned: it is another city's, or this one's before its disk was lost.
    """
    theirs, mine = owner_of(store), claim_here(root)
    if theirs is None:
        mine = _keep(root, now)
        if store.put_new(_OWNER, _written(mine, now)):
            return mine
        theirs = owner_of(store)
    if theirs is None or theirs.claim != mine:
        raise owned(store, theirs)
    if now - theirs.at >= _TELLS:
        store.put(_OWNER, _written(mine, now))
    return mine


def take_over(store: ObjectStore, root: Path, *, now: datetime) -> None:
    """Own a copy from now on: who owned it is refused at its next round."""
    store.put(_OWNER, _written(_keep(root, now), now))


def require_silent(owner: Owner, *, now: datetime) -> None:
    """Make sure that an owner has not written lately.

    Raises:
        CopyInUse: it has.
    """
    if now - owner.at < _SILENT:
        raise CopyInUse(owner=owner.name, at=_shown(owner.at), minutes=_SILENT // timedelta(minutes=1))


def owned(store: ObjectStore, owner: Owner | None) -> CopyOwned:
    """What to say to who is not the owner."""
    name, at = (owner.name, _shown(owner.at)) if owner else ("", "")
    return CopyOwned(place=store.bucket.address, owner=name, at=at)


def _keep(root: Path, now: datetime) -> str:
    root.mkdir(parents=True, exist_ok=True)
    claim = uuid7(now).hex
    replace_text(root / ".owner", claim)
    return claim


def _written(claim: str, now: datetime) -> bytes:
    return json.dumps({"claim": claim, "name": socket.gethostname(), "at": now.isoformat()}).encode()


def _shown(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"

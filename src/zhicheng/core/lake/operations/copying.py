"""Carrying the lake into an object store, round by round. The local disk acknowledges; this follows within seconds."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from deltalake.exceptions import DeltaError

from zhicheng.core.lake.errors import CopyFailed
from zhicheng.core.lake.gate.copied import forget_mark, is_carried, read_mark
from zhicheng.core.lake.gate.copying import carry, remove_copy
from zhicheng.core.lake.gate.objects import ObjectStore
from zhicheng.core.lake.gate.owning import claim_here, hold
from zhicheng.core.lake.gate.tidying import tidy
from zhicheng.core.lake.gate.versions import list_names, newest_version, table_folder
from zhicheng.core.lake.queries.copies import CopyTold, has_copy, open_store, read_told, write_told
from zhicheng.core.lake.queries.tables import lake_root
from zhicheng.kit.errors import ErrorKind, ZhichengError

_log = structlog.get_logger("zhicheng.lake")
_TABLE_FAULTS = (DeltaError, ValueError, LookupError, OSError)
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60))
_STORE_FAULT = 500
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_TIDIED_EVERY = timedelta(hours=1)
_HELD_FOR = timedelta(seconds=30)  # where nothing waits, nobody is asked more often
_TOLD_EVERY = timedelta(seconds=30)


@dataclass
class Copier:
    """What carries the lake, for as long as a process lives. Faults end a round and are told; the next comes later."""

    _store: ObjectStore | None = None
    _resting_until: datetime | None = None
    _failed: int = 0
    _tidied_at: datetime | None = None
    _held_at: datetime = _LONG_AGO
    _paused: dict[str, datetime] = field(default_factory=dict)
    _told: CopyTold = field(default_factory=CopyTold)

    def attempt(self, now: datetime) -> int:
        """One round, unless another process is at it; how many versions were carried."""
        if not has_copy() or (self._resting_until and now < self._resting_until):
            return 0
        with only_copier(wait=False) as held:
            return self._round(now) if held else 0

    def _round(self, now: datetime) -> int:
        self._told = read_told()
        try:
            if self._store is None:
                self._store = open_store()
            done = self._carry_all(self._store, now)
        except ZhichengError as fault:
            self._rest(fault, now)
            return 0
        self._failed, self._resting_until = 0, None
        self._tell(replace(self._told, at=now.isoformat(), fault=""), now)
        return done

    def _carry_all(self, store: ObjectStore, now: datetime) -> int:
        root, done = lake_root(), 0
        is_due = self._tidied_at is None or now - self._tidied_at >= _TIDIED_EVERY
        names = list_names(root)
        waiting = names if is_due else [name for name in names if self._waits(root / name, now)]
        if not waiting and now - self._held_at < _HELD_FOR:
            return 0
        started_s, claim = time.monotonic(), self._hold(store, now)
        for name in waiting:
            at = now + timedelta(seconds=time.monotonic() - started_s)  # the first round may take hours
            if at - self._held_at >= _HELD_FOR:
                claim = self._hold(store, at)
            done += self._carry_table(store, root / name, claim, at)
        if is_due:
            lost = tidy(store, root, claim)
            self._tidied_at = now
            self._told = replace(self._told, lost=tuple(lost))
        self._forget_faults(names)
        return done

    def _hold(self, store: ObjectStore, now: datetime) -> str:
        claim = hold(store, lake_root(), now=now)
        self._held_at = now
        self._tell(replace(self._told, at=now.isoformat()), now)
        return claim

    def _carry_table(self, store: ObjectStore, folder: Path, claim: str, now: datetime) -> int:
        name = folder.name
        try:
            done = carry(store, folder, claim)
        except _TABLE_FAULTS as fault:
            self._note(name, f"{type(fault).__name__}: {fault}", now)
        except ZhichengError as fault:
            if not _is_of_table(fault):
                raise
            self._note(name, str(fault), now)
        else:
            self._paused.pop(name, None)
            self._told = replace(self._told, faults={n: w for n, w in self._told.faults.items() if n != name})
            return done
        return 0

    def _note(self, table: str, words: str, now: datetime) -> None:
        """One table that cannot be carried keeps no other from its turn."""
        if self._told.faults.get(table) != words:
            _log.warning("table not copied", table=table, why=words)
        self._paused[table] = now + _PAUSES[-1]
        self._told = replace(self._told, faults={**self._told.faults, table: words})

    def _waits(self, folder: Path, now: datetime) -> bool:
        return now >= self._paused.get(folder.name, now) and not _is_done(folder, claim_here(folder.parent))

    def _forget_faults(self, names: list[str]) -> None:
        root = lake_root()
        open_ones = {
            name for name in names if name in self._told.faults and not _is_done(root / name, claim_here(root))
        }
        kept = {name: words for name, words in self._told.faults.items() if name in open_ones}
        self._told = replace(self._told, faults=kept)

    def _rest(self, fault: ZhichengError, now: datetime) -> None:
        """The store is away or says no: nothing of this city waits for it."""
        if self._told.fault != str(fault):
            _log.warning("lake not copied", code=fault.code, why=str(fault))
        self._resting_until = now + _PAUSES[min(self._failed, len(_PAUSES) - 1)]
        self._failed += 1
        if self._store is not None:
            self._store.close()
            self._store = None
        self._tell(replace(self._told, fault=str(fault)), now)

    def _tell(self, told: CopyTold, now: datetime) -> None:
        before = read_told()
        is_same = replace(told, at="") == replace(before, at="")
        if not is_same or not before.at or now - datetime.fromisoformat(before.at) >= _TOLD_EVERY:
            write_told(told)


def copy_anew(table: str, *, now: datetime) -> int:
    """Put this disk's history of a table in the place of what the copy tells; how many versions.

    Raises:
        TableUnknown: this disk has no such table; its copy stays.
        CopyOwned: the copy is another city's.
    """
    folder = table_folder(lake_root(), table)
    newest_version(folder)
    with only_copier(wait=True), open_store() as store:
        claim = hold(store, lake_root(), now=now)
        remove_copy(store, table)
        forget_mark(folder)
        done = 0
        while not _is_done(folder, claim):
            done += carry(store, folder, claim)
        return done


@contextmanager
def only_copier(*, wait: bool) -> Iterator[bool]:
    """Whether nobody else copies the lake of this disk meanwhile; killed processes let go."""
    lake_root().mkdir(parents=True, exist_ok=True)
    with (lake_root() / ".copying").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _is_of_table(fault: ZhichengError) -> bool:
    """Whether other tables may well be carried: this one tells another story, or one of its objects was not taken."""
    return fault.kind is ErrorKind.CONFLICT or (isinstance(fault, CopyFailed) and fault.data["status"] < _STORE_FAULT)


def _is_done(folder: Path, claim: str) -> bool:
    mark = read_mark(folder, claim)
    return mark is not None and is_carried(folder, mark)

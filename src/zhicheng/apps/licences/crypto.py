"""The city's issuing keys: files outside the database, made at first use with mode 0600, replaced by rotation.

Under `KEYS_ROOT/licences/`: `issuer.json` holds the issuer's name (an address that never changes once licences carry
it), `<suite>-<sequence>.json` a key. The newest of a suite signs; older ones only verify, and their secrets can be
removed. A key that was stolen is marked so and verifies nothing from then on.
"""

import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from uuid import uuid4

from django.conf import settings

from zhicheng.apps.licences.errors import IssuerKeyMissing
from zhicheng.apps.licences.values import IssuerKey
from zhicheng.engines.credentials.faults import MalformedCredential
from zhicheng.engines.credentials.keys import Ed25519Signing, PublicKey, SigningKey, Sm2Signing, read_multikey

ED25519, SM2 = "ed25519", "sm2"
_SIGNERS: dict[str, Callable[[bytes], SigningKey]] = {ED25519: Ed25519Signing, SM2: Sm2Signing}
_RELOAD_S = 1.0


@dataclass(frozen=True)
class HeldKey:
    """A key with its secret where that is still at hand."""

    id: str
    suite: str
    sequence: int
    public: PublicKey
    signing: SigningKey | None
    compromised: bool


class IssuerKeys:
    """The keys in one folder. Safe in several threads and processes; sees new keys within a second."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = Lock()
        self._keys: dict[str, HeldKey] = {}
        self._checked_s = 0.0
        self._seen_ns = -1

    def issuer(self) -> str:
        """The name that credentials give their issuer; fixed when it is first asked for."""
        path = self.root / "issuer.json"
        if not path.exists():
            _create(path, {"issuer": f"{_origin()}/licences/issuer"})
        return str(json.loads(path.read_text())["issuer"])

    def method(self, key: HeldKey) -> str:
        """The name of a key in a proof."""
        return f"{self.issuer()}#{key.id}"

    def current(self, suite: str = ED25519) -> HeldKey:
        """The key that signs now; the first of a suite is made at first use.

        Raises:
            IssuerKeyMissing: the newest key has lost its secret.
        """
        key = self._newest(suite)
        if key is None:
            self._make(suite, 1)
            key = self._newest(suite)
        if key is None or key.signing is None:
            raise IssuerKeyMissing()
        return key

    def add_key(self, suite: str = ED25519) -> HeldKey:
        """Make a new key and sign with it from now on; of two processes at once, one wins."""
        self._make(suite, self.current(suite).sequence + 1)
        return self.current(suite)

    def find(self, method: str) -> HeldKey | None:
        """The key that a proof names, unless it is unknown or compromised."""
        self._refresh()
        issuer, _, key_id = method.rpartition("#")
        key = self._keys.get(key_id)
        return key if key is not None and issuer == self.issuer() and not key.compromised else None

    def published(self) -> list[IssuerKey]:
        """Every key that verifies, newest last."""
        self._refresh()
        signing = {suite: self._newest(suite) for suite in _SIGNERS}
        return [
            IssuerKey(key.id, key.public.multikey, key.suite, current=signing[key.suite] is key)
            for key in self._keys.values()
            if not key.compromised
        ]

    def _newest(self, suite: str) -> HeldKey | None:
        self._refresh()
        found = [key for key in self._keys.values() if key.suite == suite]
        return max(found, key=lambda key: key.sequence, default=None)

    def _make(self, suite: str, sequence: int) -> None:
        secret = secrets.token_bytes(32)
        while suite == SM2 and not _is_sm2_key(secret):
            secret = secrets.token_bytes(32)
        signing = _SIGNERS[suite](secret)
        content = {
            "id": secrets.token_hex(4),
            "suite": suite,
            "multikey": signing.public.multikey,
            "secret": secret.hex(),
        }
        _create(self.root / f"{suite}-{sequence:04d}.json", content)
        self._checked_s = 0.0

    def _refresh(self) -> None:
        now_s = time.monotonic()
        if self._keys and now_s - self._checked_s < _RELOAD_S:
            return
        with self._lock:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            seen_ns = max(path.stat().st_mtime_ns for path in (self.root, *self.root.glob("*.json")))
            if seen_ns != self._seen_ns:
                found = [_read(path) for suite in _SIGNERS for path in sorted(self.root.glob(f"{suite}-*.json"))]
                self._keys = {key.id: key for key in found}
                self._seen_ns = seen_ns
            self._checked_s = now_s


def issuer_keys() -> IssuerKeys:
    """The keys of this installation."""
    return _issuer_keys(Path(settings.KEYS_ROOT) / "licences")


@cache
def _issuer_keys(root: Path) -> IssuerKeys:
    return IssuerKeys(root)


def _origin() -> str:
    """Where the city is reached: the first of `ZHICHENG_ORIGINS`, or this machine."""
    origins: list[str] = settings.CSRF_TRUSTED_ORIGINS
    return origins[0].rstrip("/") if origins else "http://127.0.0.1:8000"


def _is_sm2_key(secret: bytes) -> bool:
    try:
        Sm2Signing(secret)
    except MalformedCredential:
        return False
    return True


def _read(path: Path) -> HeldKey:
    content = json.loads(path.read_text())
    suite, secret = content["suite"], content.get("secret", "")
    signing = _SIGNERS[suite](bytes.fromhex(secret)) if secret else None
    sequence = int(path.stem.rpartition("-")[2])
    compromised = bool(content.get("compromised"))
    return HeldKey(content["id"], suite, sequence, read_multikey(content["multikey"]), signing, compromised)


def _create(path: Path, content: dict[str, str]) -> None:
    """Write a file of mode 0600 that appears whole; where it exists already, the first writer wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.stem}.{uuid4().hex}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(json.dumps(content))
        file.flush()
        os.fsync(descriptor)
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # another process was first: its key counts
    finally:
        draft.unlink()

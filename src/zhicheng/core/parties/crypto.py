"""The one key interface for personal data: sealing of fields, keyed hashes for look-up, keys in files, rotation.

A sealed field is an envelope: suite (1 byte), key id (4), nonce (12), ciphertext, tag (16). Header, row and field
name are authenticated, so that a ciphertext cannot be moved to another row or column. Suites: SM4-GCM (GB/T 32907,
RFC 8998) where OpenSSL offers it, else AES-256-GCM. Look-up hashes are HMAC-SM3 (GB/T 32905) under a key of their own.
"""

import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import Lock
from uuid import UUID

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from zhicheng.core.parties.errors import PersonalDataUnreadable

_HEADER, _NONCE, _TAG = 5, 12, 16
_RELOAD_S = 1.0


@dataclass(frozen=True)
class Suite:
    """An authenticated cipher in GCM mode."""

    number: int
    name: str
    key_bytes: int
    algorithm: Callable[[bytes], CipherAlgorithm]

    def is_available(self) -> bool:
        """Whether this OpenSSL offers it."""
        try:
            Cipher(self.algorithm(bytes(self.key_bytes)), modes.GCM(bytes(_NONCE))).encryptor()
        except UnsupportedAlgorithm:
            return False
        return True


SM4_GCM = Suite(1, "sm4-gcm", 16, algorithms.SM4)
AES_256_GCM = Suite(2, "aes-256-gcm", 32, algorithms.AES)
SUITES = {suite.name: suite for suite in (SM4_GCM, AES_256_GCM)}  # the first available one serves new keys


@dataclass(frozen=True)
class PersonalKey:
    """One data key. `sequence` orders keys; `id` is random, so that keys of two installations never collide."""

    sequence: int
    id: int
    suite: Suite
    secret: bytes
    path: Path

    @property
    def header(self) -> bytes:
        """The first bytes of every envelope under this key."""
        return bytes([self.suite.number]) + self.id.to_bytes(4, "big")


class Keyring:
    """The keys under one folder. Safe in several threads and processes; sees new keys within a second."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = Lock()
        self._keys: dict[int, PersonalKey] = {}
        self._current: PersonalKey | None = None
        self._hasher: HMAC | None = None
        self._seen_ns = 0
        self._checked_s = 0.0

    def seal(self, text: str, *, row: UUID, field: str) -> bytes:
        """Encrypt one field of one row under the current key."""
        return self.seal_bytes(text.encode(), row=row, field=field)

    def seal_bytes(self, plain: bytes, *, row: UUID, field: str) -> bytes:
        """Encrypt bytes for one field of one row under the current key."""
        key = self.current()
        nonce = os.urandom(_NONCE)
        encryptor = Cipher(key.suite.algorithm(key.secret), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(key.header + row.bytes + field.encode())
        body = encryptor.update(plain) + encryptor.finalize()
        return key.header + nonce + body + encryptor.tag

    def open(self, envelope: bytes, *, row: UUID, field: str) -> str:
        """Decrypt one field.

        Raises:
            PersonalDataUnreadable: the key is missing, or the envelope is not the one of this row and field.
        """
        return self.open_bytes(envelope, row=row, field=field).decode()

    def open_bytes(self, envelope: bytes, *, row: UUID, field: str) -> bytes:
        """Decrypt to bytes.

        Raises:
            PersonalDataUnreadable: the key is missing, or the envelope is not the one of this row and field.
        """
        envelope = bytes(envelope)
        key = self.key(key_id_of(envelope))
        header, nonce = envelope[:_HEADER], envelope[_HEADER : _HEADER + _NONCE]
        body, tag = envelope[_HEADER + _NONCE : -_TAG], envelope[-_TAG:]
        try:
            decryptor = Cipher(key.suite.algorithm(key.secret), modes.GCM(nonce, tag)).decryptor()
            decryptor.authenticate_additional_data(header + row.bytes + field.encode())
            return decryptor.update(body) + decryptor.finalize()
        except (InvalidTag, ValueError) as error:
            raise PersonalDataUnreadable(key_id=key.id) from error

    def digest(self, purpose: str, value: str) -> bytes:
        """HMAC-SM3 of a normalised value; `purpose` keeps equal values of two fields apart."""
        if self._hasher is None:
            self._hasher = HMAC(_look_up_key(self.root), SM3())
        hasher = self._hasher.copy()
        hasher.update(f"{purpose}\0{value}".encode())
        return hasher.finalize()

    def current(self) -> PersonalKey:
        """The key for new envelopes; the first one is made at first use."""
        self._refresh()
        if self._current is None:
            self._make(1)
        if self._current is None:
            raise PersonalDataUnreadable(key_id=0)
        return self._current

    def key(self, key_id: int) -> PersonalKey:
        """One key.

        Raises:
            PersonalDataUnreadable: there is none with this id in the folder.
        """
        self._refresh()
        if key_id not in self._keys:
            self._reload()
        try:
            return self._keys[key_id]
        except KeyError:
            raise PersonalDataUnreadable(key_id=key_id) from None

    def ids(self) -> frozenset[int]:
        """The ids of the keys at hand."""
        self._refresh()
        return frozenset(self._keys)

    def add_key(self) -> PersonalKey:
        """Make a new key and use it from now on; of two processes at once, one wins and both use its key."""
        return self._make(self.current().sequence + 1)

    def retire(self, before: datetime) -> list[int]:
        """Move keys that were replaced before an instant to `retired/`; the ids of those moved.

        A key is replaced when the next one is made. Backups older than this need the retired keys.
        """
        self._reload()
        keys = sorted(self._keys.values(), key=lambda key: key.sequence)
        moved = []
        for key, successor in pairwise(keys):
            if successor.path.stat().st_mtime < before.timestamp():
                (self.root / "retired").mkdir(mode=0o700, exist_ok=True)
                key.path.rename(self.root / "retired" / f"{key.path.stem}-{key.id:08x}.json")
                moved.append(key.id)
        self._reload()
        return moved

    def _make(self, sequence: int) -> PersonalKey:
        suite = next(suite for suite in SUITES.values() if suite.is_available())
        secret = secrets.token_bytes(suite.key_bytes).hex()
        content = {"id": secrets.randbelow(2**31 - 1) + 1, "suite": suite.name, "secret": secret}
        _create(self.root / f"personal-{sequence:04d}.json", json.dumps(content).encode())
        self._reload()
        return self.current()

    def _refresh(self) -> None:
        now_s = time.monotonic()
        if self._current is not None and now_s - self._checked_s < _RELOAD_S:
            return
        self._checked_s = now_s
        if not self.root.is_dir() or self._current is None or self.root.stat().st_mtime_ns != self._seen_ns:
            self._reload()

    def _reload(self) -> None:
        with self._lock:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            seen_ns = self.root.stat().st_mtime_ns
            keys = [_read_key(path) for path in sorted(self.root.glob("personal-*.json"))]
            self._keys = {key.id: key for key in keys}
            self._current = keys[-1] if keys else None
            self._seen_ns = seen_ns


def key_id_of(envelope: bytes) -> int:
    """The id of the key that sealed an envelope."""
    return int.from_bytes(envelope[1:_HEADER], "big")


def keyring() -> Keyring:
    """The keyring of this installation, under `settings.KEYS_ROOT`."""
    return _keyring(Path(settings.KEYS_ROOT))


@cache
def _keyring(root: Path) -> Keyring:
    return Keyring(root)


def _look_up_key(root: Path) -> bytes:
    path = root / "lookup.key"
    if not path.exists():
        _create(path, secrets.token_hex(32).encode())
    return bytes.fromhex(path.read_text())


def _read_key(path: Path) -> PersonalKey:
    content = json.loads(path.read_text())
    sequence = int(path.stem.removeprefix("personal-"))
    secret = bytes.fromhex(content["secret"])
    return PersonalKey(sequence, content["id"], SUITES[content["suite"]], secret, path)


def _create(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 that appears whole; where it exists already, the first writer wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

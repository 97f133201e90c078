"""The key that signs checkpoints: an Ed25519 file outside the database, made at first use with mode 0600."""

import os
from pathlib import Path
from uuid import uuid4

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from zhicheng.core.ledger.errors import SigningKeyMissing
from zhicheng.core.ledger.values import Checkpoint


def key_path() -> Path:
    """Where the private key lies."""
    return Path(settings.KEYS_ROOT) / "ledger-ed25519.pem"


def signing_key() -> Ed25519PrivateKey:
    """The private key; made when there is none. Of several processes starting at once, one wins."""
    path = key_path()
    if not path.exists():
        _make(path)
    return _load(path)


def public_key() -> Ed25519PublicKey:
    """The key that checks signatures.

    Raises:
        SigningKeyMissing: there is no key file; making one here would turn every true checkpoint into a forged one.
    """
    path = key_path()
    if not path.exists():
        raise SigningKeyMissing(path=path)
    return _load(path).public_key()


def is_genuine(checkpoint: Checkpoint, key: Ed25519PublicKey) -> bool:
    """Whether the signature covers exactly this checkpoint."""
    try:
        key.verify(checkpoint.signature, checkpoint.message)
    except InvalidSignature:
        return False
    return True


def _load(path: Path) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyMissing(path=path)
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # another process was first: its key counts
    finally:
        draft.unlink()

"""Passwords of devices at the broker: derived, changed, locked out."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from zhicheng.core.telemetry.crypto import derive_secret, is_device_key, is_secret_of
from zhicheng.core.telemetry.gate.epochs import REVOKED, KeyEpochs


def device_secret(device_key: str, epoch: int = 0) -> str:
    """The password with which a device connects; its user name is its key. Shown to whoever sets it up, never kept."""
    return derive_secret(settings.DEVICE_MASTER, device_key, epoch)


def change_secret(device_key: str, epoch: int) -> None:
    """From now on only the password of this epoch counts; connections that are open stay until they end."""
    _epochs(Path(settings.HOME)).set(device_key, epoch)


def lock_out(device_key: str) -> None:
    """The device may no longer connect."""
    _epochs(Path(settings.HOME)).set(device_key, REVOKED)


def may_connect(user: str, password: str) -> bool:
    """Whether user and password are a device and its own password."""
    if not is_device_key(user):
        return False
    epoch = _epochs(Path(settings.HOME)).of(user)
    return epoch != REVOKED and is_secret_of(password, settings.DEVICE_MASTER, user, epoch)


@lru_cache(maxsize=4)
def _epochs(home: Path) -> KeyEpochs:
    return KeyEpochs(home / "telemetry")

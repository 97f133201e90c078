"""Keys of devices: derived from one secret, so that millions of devices need no table of keys."""

import base64
import hmac
import re

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

_DEVICE_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SECRET_BYTES = 20


def is_device_key(text: str) -> bool:
    """Whether a text can be the key of a device: it is a part of topics, so letters, digits, - and _ only.

    >>> is_device_key("SZ-WATER_0001"), is_device_key("a/b"), is_device_key("")
    (True, False, False)
    """
    return _DEVICE_KEY.fullmatch(text) is not None


def derive_secret(master: str, device_key: str, epoch: int = 0) -> str:
    """The password of a device: HMAC-SM3 of its key and of how often its password was changed.

    >>> derive_secret("m", "d1") == derive_secret("m", "d1", 1)
    False
    """
    mac = HMAC(master.encode(), SM3())
    mac.update(f"device:{epoch}:{device_key}".encode())
    return base64.b32encode(mac.finalize()[:_SECRET_BYTES]).decode().lower()


def is_secret_of(secret: str, master: str, device_key: str, epoch: int = 0) -> bool:
    """Whether a device shows its own password, told in constant time."""
    return hmac.compare_digest(secret.encode(), derive_secret(master, device_key, epoch).encode())

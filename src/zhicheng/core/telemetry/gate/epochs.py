"""Devices whose password was changed, or that may no longer connect: few, in a small file."""

import fcntl
import json
import os
from pathlib import Path

REVOKED = -1


class KeyEpochs:
    """How often the password of a device was changed; `REVOKED` for those that are locked out; 0 for all others."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._path = root / "key-epochs.json"
        self._seen = (0, 0)
        self._epochs: dict[str, int] = {}

    def of(self, device_key: str) -> int:
        """The epoch of a device, as it is now."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return 0
        seen = (found.st_mtime_ns, found.st_ino)  # two changes within one tick of the clock are two files
        if seen != self._seen:
            self._epochs = json.loads(self._path.read_text(encoding="utf-8"))
            self._seen = seen
        return self._epochs.get(device_key, 0)

    def set(self, device_key: str, epoch: int) -> None:
        """Change the password of a device, or lock it out."""
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.of(device_key)
            held = {**self._epochs, device_key: epoch}
            draft = self._path.with_name(f".{self._path.name}.{os.urandom(4).hex()}")
            draft.write_text(json.dumps({key: number for key, number in held.items() if number}), encoding="utf-8")
            draft.replace(self._path)

"""Appends checkpoints to the file outside the database, safely on disk before it returns."""

import fcntl
import json
import os
from datetime import UTC
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from zhicheng.core.ledger.queries.checkpoints import checkpoint_file, last_file_checkpoint, table_checkpoints
from zhicheng.core.ledger.values import Checkpoint


def publish_checkpoints(key: Ed25519PublicKey) -> int:
    """Append what the table has beyond the end of the file; how many."""
    path = checkpoint_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not path.exists()
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = last_file_checkpoint(key)
        missing = table_checkpoints(after=last.seq if last else 0)
        if missing:
            _drop_torn_line(file)
            file.write(b"".join(_line(checkpoint) for checkpoint in missing))
            file.flush()
            os.fsync(file.fileno())
    if is_new:
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    return len(missing)


def _drop_torn_line(file: BinaryIO) -> None:
    """Cut an unfinished last line: its checkpoint is in the table and is written again."""
    end = file.seek(0, os.SEEK_END)
    start = max(0, end - 4_096)
    file.seek(start)
    tail = file.read()
    if tail and not tail.endswith(b"\n"):
        file.truncate(start + tail.rfind(b"\n") + 1)


def _line(checkpoint: Checkpoint) -> bytes:
    values = {
        "v": 1,
        "seq": checkpoint.seq,
        "chain": checkpoint.chain.hex(),
        "at": checkpoint.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "signature": checkpoint.signature.hex(),
    }
    return json.dumps(values).encode() + b"\n"

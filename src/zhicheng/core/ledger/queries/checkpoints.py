"""Checkpoints in the database and in the file outside it (`LEDGER_ROOT/checkpoints.jsonl`)."""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from zhicheng.core.ledger import models
from zhicheng.core.ledger.crypto import is_genuine
from zhicheng.core.ledger.values import Checkpoint

_TAIL_BYTES = 4_096


def checkpoint_file() -> Path:
    """Where checkpoints are kept outside the database."""
    return Path(settings.LEDGER_ROOT) / "checkpoints.jsonl"


def table_checkpoints(*, after: int = 0) -> list[Checkpoint]:
    """Checkpoints of the database beyond a place in the chain, in order."""
    rows = models.Checkpoint.objects.filter(seq__gt=after).order_by("seq").iterator()
    return [Checkpoint(row.seq, bytes(row.chain), row.at, bytes(row.signature)) for row in rows]


def file_checkpoints() -> Iterator[tuple[int, Checkpoint | None]]:
    """Line number and checkpoint of every line of the file; None for a line that cannot be read.

    An unfinished last line (a crash while appending) is left out: the sealer replaces it.
    """
    path = checkpoint_file()
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.endswith(b"\n"):
                yield number, parse_line(line)


def last_file_checkpoint(key: Ed25519PublicKey) -> Checkpoint | None:
    """The last genuine checkpoint of the file; the end of the file is enough unless someone wrote into it."""
    path = checkpoint_file()
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
        lines = file.read().splitlines(keepends=True)
    for line in reversed(lines):
        found = parse_line(line) if line.endswith(b"\n") else None
        if found is not None and is_genuine(found, key):
            return found
    genuine = [found for _, found in file_checkpoints() if found is not None and is_genuine(found, key)]
    return max(genuine, key=lambda checkpoint: checkpoint.seq, default=None)


def parse_line(line: bytes) -> Checkpoint | None:
    """One line of the file."""
    try:
        values = json.loads(line)
        at = datetime.fromisoformat(values["at"])
        if at.tzinfo is None:
            return None
        return Checkpoint(int(values["seq"]), bytes.fromhex(values["chain"]), at, bytes.fromhex(values["signature"]))
    except (ValueError, KeyError, TypeError):
        return None

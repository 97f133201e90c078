"""The sealer: gives committed entries their place in the chain and signs the head of every batch."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection, transaction

from zhicheng.core.ledger import models
from zhicheng.core.ledger.crypto import signing_key
from zhicheng.core.ledger.operations.checkpoint_file import publish_checkpoints
from zhicheng.core.ledger.policy.chain import GENESIS, link
from zhicheng.core.ledger.queries.checkpoints import last_file_checkpoint
from zhicheng.core.ledger.values import Checkpoint

_LOCK = "SELECT pg_try_advisory_xact_lock(%s)"
_LOCK_KEY = 0x7A63_6C65_6467_6572  # "zcledger"
_HEAD = """
SELECT seq, chain FROM (
    (SELECT seq, chain FROM ledger_entry WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1)
    UNION ALL (SELECT seq, chain FROM ledger_checkpoint ORDER BY seq DESC LIMIT 1)
) heads ORDER BY seq DESC LIMIT 1
"""
_UNSEALED = "SELECT id, digest FROM ledger_entry WHERE seq IS NULL ORDER BY at, id LIMIT %s"
_SEAL = """
UPDATE ledger_entry SET seq = place.seq, chain = place.chain
FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[]) AS place (id, seq, chain)
WHERE ledger_entry.id = place.id
"""


def seal(*, now: datetime, limit: int = 2_000) -> int:
    """Seal one batch; how many entries. 0 too when another sealer is at work: only one runs at a time.

    Not inside a transaction: the checkpoint is committed with the batch and only then appended to the file
    outside the database; what a crash in between left out, the next call appends.
    """
    key = signing_key()
    with transaction.atomic(durable=True):
        if not _is_alone():
            return 0
        sealed = _seal_batch(key, now, limit)
    publish_checkpoints(key.public_key())
    return sealed


def _seal_batch(key: Ed25519PrivateKey, now: datetime, limit: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED, (limit,))
        rows = cursor.fetchall()
        if not rows:
            return 0
        seq, chain = _head(key.public_key())
        ids, seqs, chains = [], [], []
        for id_, digest in rows:
            seq += 1
            chain = link(chain, bytes(digest), seq)
            ids.append(id_)
            seqs.append(seq)
            chains.append(chain)
        cursor.execute(_SEAL, (ids, seqs, chains))
    head = Checkpoint(seq, chain, now)
    models.Checkpoint.objects.create(seq=seq, chain=chain, at=now, signature=key.sign(head.message))
    return len(rows)


def _head(key: Ed25519PublicKey) -> tuple[int, bytes]:
    """The end of the chain: the furthest of entries, table and file.

    Where entries at the end were removed, the checkpoints still know how far the chain went; sealing goes on behind
    them, so that the gap stays visible for ever.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HEAD)
        row = cursor.fetchone()
    seq, chain = (row[0], bytes(row[1])) if row else (0, GENESIS)
    kept = last_file_checkpoint(key)
    return (kept.seq, kept.chain) if kept is not None and kept.seq > seq else (seq, chain)


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, (_LOCK_KEY,))
        return bool(cursor.fetchone()[0])

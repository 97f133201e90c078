"""What was answered to bulk requests that carried a key: the same request again gets the same answer, for a week."""

import sqlite3
import threading
from pathlib import Path

import structlog

from zhicheng.core.ledger.public import sm3
from zhicheng.core.telemetry.errors import KeyReused

_log = structlog.get_logger("zhicheng.telemetry")
_DAYS = 7
_DAY_S = 86_400
_TABLE = """
CREATE TABLE IF NOT EXISTS answer (
    scope TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL, answer BLOB NOT NULL, at_s INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) WITHOUT ROWID
"""


class KeptAnswers:
    """Answers by caller and key, in a file that all processes share. It survives kill -9, like the log of readings."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._base = sqlite3.connect(root / "answers.sqlite", timeout=10, check_same_thread=False, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=OFF")
        self._base.execute(_TABLE)

    def find(self, scope: str, key: str, body: bytes) -> bytes | None:
        """The answer that was given; None where there was none.

        Raises:
            KeyReused: the key came with another body before.
        """
        with self._lock:
            found = self._base.execute(
                "SELECT digest, answer FROM answer WHERE scope = ? AND key = ?", (scope, key)
            ).fetchone()
        if found is None:
            return None
        if found[0] != sm3(body):
            raise KeyReused()
        answer: bytes = found[1]
        return answer

    def keep(self, scope: str, key: str, body: bytes, answer: bytes, *, at_s: int) -> None:
        """Remember an answer; those older than a week are forgotten.

        Where the disk is full it is not remembered: its readings are safe and must be acknowledged, and whoever sends
        them again is told that they are duplicates.
        """
        try:
            with self._lock:
                self._base.execute(
                    "DELETE FROM answer WHERE (scope, key) IN (SELECT scope, key FROM answer WHERE at_s < ? LIMIT 10)",
                    (at_s - _DAYS * _DAY_S,),
                )
                self._base.execute(
                    "INSERT OR IGNORE INTO answer VALUES (?, ?, ?, ?, ?)", (scope, key, sm3(body), answer, at_s)
                )
        except sqlite3.OperationalError as error:
            _log.warning("an answer was not remembered", error=str(error))

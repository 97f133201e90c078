"""Verification finds every kind of tampering, by someone who may switch triggers off."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from zhicheng.core.ledger.models import Entry as EntryRow
from zhicheng.core.ledger.policy.chain import GENESIS, link
from zhicheng.core.ledger.public import list_entries, record, seal, verify
from zhicheng.core.ledger.queries.checkpoints import checkpoint_file
from zhicheng.core.ledger.tests.builders import NOW, entry
from zhicheng.core.ledger.values import Checkpoint, FindingKind

LATER = NOW + timedelta(hours=1)


def tamper(*statements):
    with connection.cursor() as cursor:
        for table in ("ledger_entry", "ledger_checkpoint"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for sql in statements:
            cursor.execute(sql)


def findings():
    return [(finding.kind, finding.seq, finding.until) for finding in verify(now=LATER).findings]


def lines():
    return checkpoint_file().read_text().splitlines(keepends=True)


@pytest.fixture
def sealed(db):
    """Ten entries, sealed in batches of four: checkpoints at 4, 8, 10."""
    with transaction.atomic():
        record(*[entry(number) for number in range(1, 11)])
    while seal(now=NOW, limit=4):
        pass


@pytest.mark.usefixtures("sealed")
class TestVerify:
    def test_finds_nothing_in_an_honest_ledger(self):
        report = verify(now=LATER)
        assert report.is_intact
        assert (report.entries, report.unsealed, report.checkpoints) == (10, 0, 3)
        assert report.unsealed_age_s is None
        assert report.entries_per_s > 0

    def test_tells_the_age_of_the_oldest_unsealed_entry(self):
        with transaction.atomic():
            record(entry(60))
        report = verify(now=NOW + timedelta(seconds=90))
        assert (report.unsealed, report.unsealed_age_s) == (1, 30.0)

    @pytest.mark.parametrize(
        "change",
        [
            "reason = '改'",
            "data = '{}'",
            "actor = 'account:nobody'",
            "at = at + interval '1 microsecond'",
            "rule = 'x'",
        ],
    )
    def test_finds_a_changed_entry(self, change):
        tamper(f"UPDATE ledger_entry SET {change} WHERE seq = 5")
        assert findings() == [(FindingKind.CHANGED, 5, 5)]

    def test_finds_a_changed_digest(self):
        other = next(recorded for recorded in list_entries().entries if recorded.seq == 2)
        tamper(f"UPDATE ledger_entry SET digest = '\\x{other.digest.hex()}' WHERE seq = 5")
        assert findings() == [(FindingKind.CHANGED, 5, 5), (FindingKind.CHANGED, 5, 5)]

    def test_finds_a_changed_unsealed_entry(self):
        with transaction.atomic():
            record(entry(60))
        tamper("UPDATE ledger_entry SET reason = '改' WHERE seq IS NULL")
        assert findings() == [(FindingKind.CHANGED, 0, 0)]

    @pytest.mark.parametrize(("where", "first", "last"), [("= 1", 1, 1), ("= 6", 6, 6), ("BETWEEN 3 AND 6", 3, 6)])
    def test_finds_removed_entries(self, where, first, last):
        tamper(f"DELETE FROM ledger_entry WHERE seq {where}")
        assert findings() == [(FindingKind.REMOVED, first, last)]

    @pytest.mark.parametrize("columns", ["seq", "seq, chain"])
    def test_finds_reordered_entries(self, columns):
        """Two entries change places; their chain values move with them, or stay where they were."""
        stay = "" if columns == "seq" else ", chain = (SELECT chain FROM ledger_entry o WHERE o.seq = 13 - e.seq)"
        tamper(
            "ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_seq_key",
            f"UPDATE ledger_entry e SET seq = 13 - seq{stay} WHERE seq IN (6, 7)",
        )
        assert findings() == [(FindingKind.REORDERED, 6, 7)]

    def test_finds_a_truncated_end(self):
        tamper("DELETE FROM ledger_entry WHERE seq > 8", "DELETE FROM ledger_checkpoint WHERE seq > 8")
        assert findings() == [(FindingKind.TRUNCATED, 9, 10), (FindingKind.CHECKPOINT_REMOVED, 10, 10)]

    def test_finds_an_emptied_ledger(self):
        tamper("DELETE FROM ledger_entry", "DELETE FROM ledger_checkpoint")
        assert (FindingKind.TRUNCATED, 1, 10) in findings()

    def test_finds_an_entry_added_behind_the_end(self):
        head = bytes(EntryRow.objects.get(seq=10).chain)
        with transaction.atomic():
            record(entry(99))
        forged = EntryRow.objects.get(seq=None)
        chain = link(head, bytes(forged.digest), 11)
        EntryRow.objects.filter(id=forged.id).update(seq=11, chain=chain)
        assert findings() == [(FindingKind.CHECKPOINT_REMOVED, 11, 11)]

    def test_finds_a_rewritten_chain_by_its_checkpoints(self):
        """An entry is removed, the rest renumbered and the whole chain computed anew."""
        tamper("DELETE FROM ledger_entry WHERE seq = 6", "UPDATE ledger_entry SET seq = seq - 1 WHERE seq > 6")
        chain = GENESIS
        for row in EntryRow.objects.order_by("seq"):
            chain = link(chain, bytes(row.digest), row.seq)
            EntryRow.objects.filter(id=row.id).update(chain=chain)
        assert findings() == [(FindingKind.CHECKPOINT_MISMATCH, 5, 8), (FindingKind.TRUNCATED, 10, 10)]

    def test_writes_findings_as_chinese_sentences(self):
        tamper("DELETE FROM ledger_entry WHERE seq BETWEEN 3 AND 6")
        assert verify(now=LATER).findings[0].text == "第 3 至 6 条缺失，已被删除。"


@pytest.mark.usefixtures("sealed")
class TestVerifyCheckpoints:
    def test_finds_one_signed_by_another_key(self):
        at8 = json.loads(lines()[1])
        forged = Checkpoint(8, bytes(32), NOW)
        at8 |= {"chain": bytes(32).hex(), "at": NOW.isoformat()}
        at8["signature"] = Ed25519PrivateKey.generate().sign(forged.message).hex()
        checkpoint_file().write_text(lines()[0] + json.dumps(at8) + "\n" + lines()[2])
        assert findings() == [(FindingKind.CHECKPOINT_FORGED, 8, 8), (FindingKind.CHECKPOINT_REMOVED, 8, 8)]

    def test_finds_a_line_that_is_no_checkpoint(self):
        checkpoint_file().write_text("".join(lines()) + "nonsense\n")
        assert findings() == [(FindingKind.CHECKPOINT_FORGED, 0, 0)]

    def test_finds_one_removed_from_the_file(self):
        checkpoint_file().write_text(lines()[0] + lines()[2])
        assert findings() == [(FindingKind.CHECKPOINT_REMOVED, 8, 8)]

    def test_finds_one_removed_from_the_table(self):
        tamper("DELETE FROM ledger_checkpoint WHERE seq = 4")
        assert findings() == [(FindingKind.CHECKPOINT_REMOVED, 4, 4)]

    def test_finds_one_changed_in_the_table(self):
        tamper("UPDATE ledger_checkpoint SET chain = '\\x00' WHERE seq = 8")
        assert (FindingKind.CHECKPOINT_FORGED, 8, 8) in findings()

    def test_finds_a_lost_file(self):
        checkpoint_file().unlink()
        assert [kind for kind, _, _ in findings()] == [FindingKind.CHECKPOINT_REMOVED] * 3

    def test_forgives_a_file_that_is_a_moment_behind(self):
        checkpoint_file().write_text("".join(lines()[:2]))
        assert verify(now=NOW + timedelta(minutes=1)).is_intact
        assert findings() == [(FindingKind.CHECKPOINT_REMOVED, 10, 10)]

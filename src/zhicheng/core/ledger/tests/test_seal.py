"""The sealer: order, checkpoints, crashes, several at once."""

import json
import stat
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from zhicheng.core.ledger.crypto import key_path, public_key, signing_key
from zhicheng.core.ledger.errors import SigningKeyMissing
from zhicheng.core.ledger.models import Checkpoint
from zhicheng.core.ledger.models import Entry as EntryRow
from zhicheng.core.ledger.operations.checkpoint_file import publish_checkpoints
from zhicheng.core.ledger.public import ledger_gauges, record, seal, verify
from zhicheng.core.ledger.queries.checkpoints import checkpoint_file
from zhicheng.core.ledger.tests.builders import NOW, entry


def write(*numbers):
    with transaction.atomic():
        record(*[entry(number) for number in numbers])


@pytest.mark.django_db
class TestSeal:
    def test_numbers_entries_by_time_in_batches(self):
        write(3, 1, 2, 5, 4)
        assert [seal(now=NOW, limit=2) for _ in range(4)] == [2, 2, 1, 0]
        subjects = EntryRow.objects.order_by("seq").values_list("seq", "subject")
        assert list(subjects) == [(number, f"case:{number}") for number in range(1, 6)]

    def test_writes_one_signed_checkpoint_a_batch_to_table_and_file(self):
        write(1, 2, 3)
        seal(now=NOW, limit=2)
        seal(now=NOW, limit=2)
        lines = [json.loads(line) for line in checkpoint_file().read_text().splitlines()]
        assert [line["seq"] for line in lines] == [2, 3]
        assert list(Checkpoint.objects.order_by("seq").values_list("seq", flat=True)) == [2, 3]
        assert verify(now=NOW).is_intact

    def test_goes_on_behind_checkpoints_when_the_end_was_removed(self):
        write(1, 2, 3)
        seal(now=NOW)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM ledger_entry WHERE seq = 3")
        write(4)
        seal(now=NOW)
        assert list(EntryRow.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 4]

    def test_shows_in_the_gauges(self):
        write(1, 2)
        gauges = ledger_gauges(NOW + timedelta(seconds=31))
        assert (gauges.unsealed_rows, gauges.unsealed_oldest_s) == (2, 30.0)
        seal(now=NOW)
        assert ledger_gauges(NOW).unsealed_rows == 0


@pytest.mark.django_db
class TestCheckpointFile:
    def test_is_caught_up_after_a_crash_before_the_append(self, monkeypatch):
        write(1)
        with monkeypatch.context() as patch:
            patch.setattr("zhicheng.core.ledger.operations.seal.publish_checkpoints", lambda key: 0)
            seal(now=NOW)
        assert not checkpoint_file().exists()
        assert seal(now=NOW) == 0
        assert verify(now=NOW + timedelta(hours=1)).is_intact

    @pytest.mark.parametrize("torn", ['{"v": 1, "seq": 2, "cha', "whole line without its end"])
    def test_replaces_a_line_torn_by_a_crash(self, torn):
        write(1)
        seal(now=NOW)
        whole = checkpoint_file().read_bytes()
        write(2)
        seal(now=NOW)
        end = torn.encode() if torn.startswith("{") else checkpoint_file().read_bytes()[len(whole) : -1]
        checkpoint_file().write_bytes(whole + end)
        publish_checkpoints(public_key())
        assert [json.loads(line)["seq"] for line in checkpoint_file().read_text().splitlines()] == [1, 2]
        assert verify(now=NOW).is_intact


class TestSigningKey:
    def test_is_made_once_and_readable_by_its_owner_only(self):
        first, second = signing_key(), signing_key()
        assert first.private_bytes_raw() == second.private_bytes_raw()
        assert stat.S_IMODE(key_path().stat().st_mode) == 0o600

    def test_is_not_made_for_a_verification(self):
        with pytest.raises(SigningKeyMissing):
            public_key()


@pytest.mark.django_db(transaction=True)
class TestSealersAtOnce:
    def test_leave_one_unbroken_chain(self):
        write(*range(200))
        start = threading.Barrier(4)

        def run():
            start.wait(10)
            for _ in range(20):
                seal(now=NOW, limit=20)
            connection.close()

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        while seal(now=NOW, limit=20):
            pass
        report = verify(now=NOW)
        assert (report.entries, report.unsealed, report.findings) == (200, 0, ())

"""Kill -9 of who carries the lake: the copy can be read at every moment, and is whole in the end."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from deltalake import DeltaTable

from zhicheng.core.lake.public import Copier, copy_state, lake_root, table_version
from zhicheng.core.lake.tests.conftest import NOW
from zhicheng.core.lake.tests.copies import AMOUNTS, BUCKET, PREFIX, server, store, there, write
from zhicheng.core.lake.tests.stores import REGION, Store
from zhicheng.core.lake.values import Mode

__all__ = ["server", "store"]  # fixtures
pytestmark = [pytest.mark.crash, pytest.mark.slow]
_ROUNDS, _VERSIONS = 3, 20
_CARRIER = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "zhicheng.config.settings"
import django
django.setup()
from zhicheng.core.lake.public import Copier
from zhicheng.kit.clock import now
copier = Copier()
print("ready", flush=True)
sys.stdin.readline()
while True:
    copier.attempt(now())
"""


@pytest.fixture
def carriers(store: Store, home: Path) -> "Iterator[list[subprocess.Popen[bytes]]]":
    environment = {
        **os.environ,
        "ZHICHENG_HOME": str(home),
        "ZHICHENG_LAKE_S3": f"s3://{BUCKET}/{PREFIX}",
        "AWS_ENDPOINT_URL": store.url,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": store.key_id,
        "AWS_SECRET_ACCESS_KEY": store.secret,
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _CARRIER], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(_ROUNDS)
    ]
    yield started
    for carrier in started:
        carrier.kill()
        carrier.communicate()


def wait_for_objects(store: Store, count: int) -> None:
    for _ in range(3000):
        if len(store.keys(BUCKET)) >= count:
            return
        time.sleep(0.005)
    raise AssertionError("nothing is carried")


class TestKilledCarrier:
    def test_leaves_tables_that_can_be_read_and_loses_nothing(self, store: Store, carriers) -> None:
        chance = random.Random(20261123)
        seen = []
        for number, carrier in enumerate(carriers):
            for version in range(number * _VERSIONS, (number + 1) * _VERSIONS):
                write(version + 1, after_s=version, mode=Mode.APPEND)
            assert carrier.stdout.readline() == b"ready\n"
            carrier.stdin.write(b"go\n")
            carrier.stdin.flush()
            wait_for_objects(store, len(store.keys(BUCKET)) + chance.randint(4, 9))
            carrier.kill()
            carrier.wait()
            found = there(store)
            seen.append(found.version())
            assert found.to_pyarrow_table().num_rows == sum(range(1, found.version() + 2))
        assert seen == sorted(seen)
        assert seen[-1] < _ROUNDS * _VERSIONS - 1, "killed too late to tell anything"
        Copier().attempt(NOW + timedelta(days=1))
        assert copy_state().behind == {}
        assert there(store).to_pyarrow_table().num_rows == table_version(AMOUNTS).rows
        assert there(store).version() == DeltaTable(str(lake_root() / AMOUNTS)).version() == _ROUNDS * _VERSIONS - 1

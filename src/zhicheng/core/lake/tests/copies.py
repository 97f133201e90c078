"""A copy of the lake for tests: the store, its settings, tables to carry, and what a reader sees who knows nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from zhicheng.core.lake.public import Target, commit_parts, lake_root, stage_parts
from zhicheng.core.lake.tests.conftest import NOW
from zhicheng.core.lake.tests.stores import REGION, Store, start_store
from zhicheng.core.lake.values import Mode

BUCKET, PREFIX = "city-lake", "sz/lake"
SCHEMA = pa.schema([("id", pa.string()), ("cents", pa.int64())])
AMOUNTS = "amounts"
LATER = NOW + timedelta(hours=2)


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    process, store = start_store()
    yield store
    process.terminate()
    process.wait(10)


@pytest.fixture
def store(server: Store, settings) -> Iterator[Store]:
    client = server.client()
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    settings.LAKE_S3, settings.LAKE_S3_REGION = f"s3://{BUCKET}/{PREFIX}", REGION
    settings.LAKE_S3_ENDPOINT, settings.LAKE_S3_VIRTUAL = server.url, False
    settings.LAKE_S3_KEY = (server.key_id, server.secret, "")
    yield server
    for key in server.keys(BUCKET):
        client.delete_object(Bucket=BUCKET, Key=key)
    client.delete_bucket(Bucket=BUCKET)


def write(rows: int, *, after_s: int = 0, mode: Mode = Mode.REPLACE, table: str = AMOUNTS) -> None:
    batch = pa.record_batch({"id": [f"{after_s}-{n}" for n in range(rows)], "cents": list(range(rows))}, schema=SCHEMA)
    target = Target(table, SCHEMA, None, mode)
    parts = stage_parts(target, [batch], root=lake_root())
    commit_parts(target, parts, at=NOW + timedelta(seconds=after_s), root=lake_root())


def there(store: Store, table: str = AMOUNTS, version: int | None = None) -> DeltaTable:
    """The copy as a reader sees it that knows nothing of us."""
    return DeltaTable(f"s3://{BUCKET}/{PREFIX}/{table}", version=version, storage_options=store.options())


def copied(store: Store) -> set[str]:
    return {key.removeprefix(f"{PREFIX}/") for key in store.keys(BUCKET)}


def lose_disk(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "another"

"""Bringing a made city into the layers of the installed pack."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from zhicheng.core.lake.public import has_table
from zhicheng.core.places.public import install_layer, list_layers
from zhicheng.simulator.city.caching import cached_city
from zhicheng.simulator.city.figures import FILE
from zhicheng.simulator.city.files import CityFiles
from zhicheng.simulator.city.making import CUT, CityOrder
from zhicheng.simulator.running import SIMULATOR

# what people look for first comes first
ORDER = (
    "district",
    "street",
    "community",
    "grid",
    "building",
    "charging_station",
    "facility",
    "road",
    "parcel",
    "traffic_zone",
    "address",
    "unit",
)
_BATCH_ROWS = 131_072
Told = Callable[[str, int], None]


def install_city(files: CityFiles, layers: Sequence[str], *, now: datetime, told: Told | None = None) -> dict[str, int]:
    """Put the made layers that the installed pack declares into it, as one new version each; returns the rows.

    Only the columns that the pack declares are taken.
    """
    declared = {layer.code: layer for layer in list_layers()}
    found = {}
    for code in layers:
        if code not in declared or code not in files.layers:
            continue
        columns = declared[code].table.codes
        report = install_layer(code, _batches(files.layers[code], columns), actor=SIMULATOR.ref, now=now)
        found[code] = report.accepted
        if told:
            told(code, report.accepted)
    return found


def seed_city(now: datetime, *, cache: Path) -> dict[str, int]:
    """Put the pack's cut of its city into the layers that are still empty, as far as the pack has figures for one."""
    pack = Path(settings.PACK_ROOT)
    wanted = [layer.code for layer in list_layers() if layer.code in ORDER and not has_table(layer.table.code)]
    if not wanted or not (pack / FILE).exists():
        return {}
    files = cached_city(CityOrder(pack.resolve(), size=CUT), cache, processes=1)
    return install_city(files, [code for code in ORDER if code in wanted], now=now)


def _batches(paths: Sequence[Path], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for path in paths:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(_BATCH_ROWS, columns=list(columns))

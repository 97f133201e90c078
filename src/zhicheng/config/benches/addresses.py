"""How right addresses are read: parts found in held-out addresses, after learning from marked ones. No database.

Files have a line a token (a character, or a run of figures), a space and its mark (B-road, I-road); an empty line ends
an address. Tags count in lower case: the public files write subRoad now this way, now that.
"""

import csv
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from zhicheng.engines.addresses.reader import AddressReader
from zhicheng.engines.addresses.spans import BEGIN, INSIDE, Span, TaggedAddress, span_f1, spans_of
from zhicheng.engines.addresses.training import COURSES, learn
from zhicheng.engines.text.cities import CITIES

_TAG_OF_LEVEL = {"city": "city", "district": "district", "street": "town", "community": "community"}


class RowRefused(ValueError):
    """A row of an input file cannot be used; says where and why."""


def measure(train: Sequence[Path], test: Sequence[Path], pack: Path, *, say: Callable[[str], None]) -> dict[str, Any]:
    """Learn from the addresses of `train` and the names that the pack ships, read those of `test`, count.

    Raises:
        OSError: a file cannot be read.
        RowRefused: a line is not what it should be, or there are too few addresses.
    """
    known = [address for path in train for address in read_addresses(path)]
    asked = [address for path in test for address in read_addresses(path)]
    if not known or not asked:
        raise RowRefused("训练文件或测试文件没有数据。")
    started_s, started_cpu_s = time.perf_counter(), time.process_time()
    try:
        reader = learn(known, COURSES, gazetteer=read_gazetteer(pack), progress=say)
    except ValueError as error:
        raise RowRefused("训练文件没有数据。") from error
    train_cpu_seconds = time.process_time() - started_cpu_s
    train_seconds = time.perf_counter() - started_s
    return {
        **_figures(reader, asked),
        "train_seconds": round(train_seconds, 1),
        "train_cpu_seconds": round(train_cpu_seconds, 1),
    }


def _figures(reader: AddressReader, asked: Sequence[TaggedAddress]) -> dict[str, Any]:
    started_s = time.perf_counter()
    found = [reader.mark(address.tokens) for address in asked]
    seconds = time.perf_counter() - started_s
    told = [list(spans_of(address.marks)) for address in asked]
    given = [list(spans_of(marks)) for marks in found]
    return {
        "span_f1": round(span_f1(told, given), 4),
        "n": len(asked),
        "by_tag": _by_tag(told, given),
        "read_per_s": round(len(asked) / seconds, 1),
        "load_1m": round(os.getloadavg()[0], 2),
    }


def _by_tag(told: Sequence[Sequence[Span]], given: Sequence[Sequence[Span]]) -> dict[str, float]:
    """The F1 of each tag that is to be found."""

    def only(readings: Sequence[Sequence[Span]], tag: str) -> Iterator[list[Span]]:
        return ([span for span in spans if span.tag == tag] for spans in readings)

    tags = sorted({span.tag for spans in told for span in spans})
    return {tag: round(span_f1(only(told, tag), only(given, tag)), 3) for tag in tags}


def read_addresses(path: Path) -> Iterator[TaggedAddress]:
    """The marked addresses of a file.

    Raises:
        OSError: the file cannot be read.
        RowRefused: a line is neither empty nor a token and its mark.
    """
    tokens: list[str] = []
    marks: list[str] = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                token, mark = _token(line, f"{path}:{number}")
                tokens.append(token)
                marks.append(mark)
            elif tokens:
                yield TaggedAddress(tuple(tokens), tuple(marks))
                tokens, marks = [], []
    if tokens:
        yield TaggedAddress(tuple(tokens), tuple(marks))


def _token(line: str, place: str) -> tuple[str, str]:
    token, _, mark = line.rstrip("\r\n").rpartition(" ")
    if not token.strip() or mark[:2] not in (BEGIN, INSIDE) or len(mark) == len(BEGIN):
        raise RowRefused(f"{place}: 应为“字 标注”，标注以 B- 或 I- 开头。")
    return token, mark[:2] + mark[2:].lower()


def read_gazetteer(pack: Path) -> dict[str, str]:
    """Names of places that the product ships, with their tag: cities, divisions and landmarks of the pack.

    Raises:
        OSError: a file of the pack cannot be read.
    """
    names = {f"{city}市": "city" for city in CITIES}
    for row in _rows(pack / "landmarks.csv"):
        names[row["name"]] = "poi"
    for row in _rows(pack / "divisions.csv"):
        names[row["name"]] = _TAG_OF_LEVEL[row["level"]]
    return names


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)

"""Turning a row of routes.txt into requests, and all routes of the city into a list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
from django.urls import URLResolver, get_resolver

from tests.matrix.people import COLUMNS
from tests.matrix.world import FAR_UNIT, World

TABLE = Path(__file__).with_name("routes.txt")
_PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")
_NOBODY = str(UUID(int=7))


@dataclass(frozen=True)
class Row:
    """One line of the table: what is asked, and the status that each column gets; None is not tried."""

    method: str
    route: str
    what: str
    expected: dict[str, int | None]

    @property
    def words(self) -> str:
        """How a test names it."""
        return f"{self.method} {self.route} {self.what}"


def rows() -> Iterator[Row]:
    """The table."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        method, route, what, *statuses = line.split()
        found = [None if status == "-" else int(status) for status in statuses]
        yield Row(method, route, what, dict(zip(COLUMNS, found, strict=True)))


def all_routes() -> list[str]:
    """Every address that the city serves, as Django writes it, with the door's own."""
    return [
        "/",
        "/events/<channel>",
        "/live/devices",
        "/live/devices/changes",
        "/static/<path>",
        *sorted({f"/{route}" for route in _walk("", get_resolver())} - {"/"}),
    ]


def _walk(prefix: str, resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(route, pattern)
        else:
            yield route


def ask(world: World, row: Row, column: str) -> httpx.Response:
    """Send the request of a row as somebody. Forms are empty but for what makes them readable at all."""
    visitor, address = world.people[column], address_of(world, row)
    if row.route.startswith("/events/"):
        with visitor.stream("GET", address) as answer:
            return answer
    if row.method == "GET":
        return visitor.get(address, headers={"Accept": "text/html"})
    if row.route.startswith("/api/"):
        return visitor.post(address, json={})
    return visitor.post(address, data={}, headers={"Accept": "text/html"})


def address_of(world: World, row: Row) -> str:
    """The address with its placeholders filled from the words of the row's object."""
    names = _PLACEHOLDER.findall(row.route)
    words = dict(zip(names, row.what.split("/", len(names) - 1), strict=False))
    return _PLACEHOLDER.sub(lambda found: _fill(world, found[1], words[found[1]]), row.route)


def _fill(world: World, name: str, word: str) -> str:
    if name == "file_id":
        return world.files.get(word, _NOBODY)
    known = {
        **world.numbers,
        **world.known,
        "nobody": _NOBODY,
        "unit-here": world.units["handler.street"],
        "unit-far": FAR_UNIT,
    }
    return known.get(word, word)

"""Faults that a person makes in a pack, one at a time in a copy of the tiny town.

`line_of` is a piece of the broken file that stands on one line only: the line that the check must name; or the
number of that line, 0 for the whole file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Seed = Callable[[Path], None]


@dataclass(frozen=True)
class SeededFault:
    """One fault: how it is made, and what the check must say."""

    name: str
    file: str
    seed: Seed
    code: str
    line_of: str | int = 0


def swap(old: str, new: str) -> Seed:
    """Replace a text that occurs once."""

    def seed(path: Path) -> None:
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new))

    return seed


def append(lines: str) -> Seed:
    """Add lines at the end."""
    return lambda path: path.write_text(path.read_text() + lines)


def remove(path: Path) -> None:
    path.unlink()


def write(content: str) -> Seed:
    return lambda path: path.write_text(content)


def as_gbk(path: Path) -> None:
    path.write_bytes(path.read_text().encode("gb18030"))


def both(first: Seed, second: Seed) -> Seed:
    def seed(path: Path) -> None:
        first(path)
        second(path)

    return seed


def link_to(name: str) -> Seed:
    return lambda path: path.symlink_to(name)

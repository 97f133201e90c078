"""What a package must give so that packs may carry its part: a section.

`core.packs` knows no noun above it. Each package registers sections in its `sections.py` (imported by its
`apps.py`); loading, checking, comparing and installing a pack walks the registered sections in order.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from zhicheng.kit.registry import Registry


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in a pack: where, what, and what to do. `line` is 1-based; 0 means the whole file."""

    file: str
    line: int
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """One record as read from a file, with the place it came from so that a fault can name it."""

    file: str
    line: int
    values: Mapping[str, Any]
    key_lines: Mapping[str, int] = field(default_factory=dict)

    def fault(self, code: str, message: str, hint: str = "", *, key: str = "") -> Fault:
        """A fault at this record, or at one of its keys where the reader knows that key's line."""
        return Fault(self.file, self.key_lines.get(key, self.line), code, message, hint)


@dataclass(frozen=True)
class PackSource:
    """A pack as files: folder, code, version, and the parsed value of each section by section code."""

    root: Path
    code: str
    version: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Loaded:
    """What a section's `load` returns: its typed value and the faults found on the way."""

    value: Any
    faults: Sequence[Fault] = ()


@dataclass(frozen=True)
class Section:
    """One part of a pack.

    `load(root)` reads the section's files into a typed value and reports faults; bad content never raises.
    `check(value, pack)` finds faults that need other sections; it runs after every section has been loaded,
    so that `pack.values` holds them all (a value may be partial where its own section found faults).
    `install(value, pack, now)` writes the value into the package's own tables; it runs inside one transaction
    for the whole pack, must be idempotent, and ends what disappeared instead of deleting it.
    `describe(value)` yields (kind, code, label, fields) of every item, from which `pack diff` writes its
    notes; `kind` is a Chinese noun that follows a number and 个 (事项, 单位), `fields` is a flat mapping of
    Chinese field name to printable value.
    """

    code: str
    label: str
    load: Callable[[Path], Loaded]
    check: Callable[[Any, PackSource], Iterable[Fault]]
    install: Callable[[Any, PackSource, datetime], None]
    describe: Callable[[Any], Iterable[tuple[str, str, str, Mapping[str, Any]]]]


sections: Registry[Section] = Registry("pack section")

# Checks that other packages run before an install, such as "no running case would be stranded".
Guard = Callable[[PackSource], Iterable[Fault]]
guards: Registry[Guard] = Registry("pack guard")

# A kind of test in the pack's `tests/*.yaml`: gets the test's fields, returns what is wrong or None.
TestKind = Callable[[Mapping[str, Any], PackSource], str | None]
test_kinds: Registry[TestKind] = Registry("pack test kind")

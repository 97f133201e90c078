"""Sample contexts of the style guide, read from the YAML files beside this module."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def load(name: str, now: datetime) -> dict[str, Any]:
    """One sample file with its references and relative instants resolved.

    Raises:
        FileNotFoundError: there is no such sample.
        KeyError: it refers to a shared part that does not exist.
    """
    resolved = _resolve(_read(name), now)
    return dict(resolved)


@cache
def _read(name: str) -> Any:
    return yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")) or {}


def _resolve(value: Any, now: datetime) -> Any:
    if isinstance(value, dict):
        return {key: _instant(part, now) if key == "at" else _resolve(part, now) for key, part in value.items()}
    if isinstance(value, list):
        return [_resolve(part, now) for part in value]
    if isinstance(value, str) and value.startswith("=") and len(value) > 1:
        return _resolve(_shared(value[1:]), now)
    return value


def _shared(path: str) -> Any:
    part = _read("shared")
    for key in path.split("."):
        part = part[key]
    return part


def _instant(text: str, now: datetime) -> datetime:
    """An instant from `-9m`, `-2h`, `+3d`.

    >>> from datetime import UTC
    >>> _instant("-2h", datetime(2026, 3, 5, 4, tzinfo=UTC)).hour
    2
    """
    return now + timedelta(**{_UNITS[text[-1]]: int(text[:-1])})

"""The section of rule parameters."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from zhicheng.core.packs.public import Fault, PackSource, Section, sections
from zhicheng.core.rules.base.parameters import PARAMETERS, ParameterFile, load
from zhicheng.engines.rules.values import Value


def check(_value: list[ParameterFile], _pack: PackSource) -> Iterable[Fault]:
    """Nothing: the whole book is checked with the rules."""
    return ()


def install(_value: list[ParameterFile], _pack: PackSource, _now: datetime) -> None:
    """Nothing: parameters are pinned with the rules that read them."""


def describe(value: list[ParameterFile]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """A parameter with its series."""
    for file in value:
        line = file.parameter
        series = "；".join(f"{dated.from_date} 起 {_shown(dated.value)}" for dated in line.values)
        yield "规则参数", line.code, line.label, {"单位": line.unit, "数值": series}


def _shown(value: Value | None) -> str:
    return "废止" if value is None else str(value)


sections.add(PARAMETERS, Section(PARAMETERS, "规则参数", load, check, install, describe))

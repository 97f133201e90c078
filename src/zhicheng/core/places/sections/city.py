"""`layers/city/figures.yaml`: numbers, hills, roads and words that a simulated city is made of. Nobody is in it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.packs.public import Fault, Item, Loaded, PackSource, Section, load_file

FILE = "layers/city/figures.yaml"
Share = Annotated[float, Field(ge=0, le=1)]
Size = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(gt=0, le=1_000_000_000)]
Degrees = Annotated[float, Field(ge=-180, le=180)]
Place = tuple[Degrees, Degrees]
Words = Annotated[list[str], Field(min_length=1)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SourceRow(_Row):
    """Where a figure comes from."""

    figure: str
    source: str


class TotalsRow(_Row):
    """How many there are in the whole city."""

    parcels: Count
    buildings: Count
    units: Count
    addresses: Count
    residents: Count


class DistrictRow(_Row):
    """People of a district; shares of its built-up area; how densely it is built."""

    people: Count
    village: Share
    industry: Share
    green: Share
    built: Size


class HubRow(_Row):
    """A centre of business."""

    name: str
    at: Place
    height_m: Size
    radius_km: Size


class HillRow(_Row):
    """Where hardly anything is built."""

    name: str
    at: Place
    radii_km: tuple[Size, Size]


class ArterialRow(_Row):
    """A road through many communities."""

    name: str
    grade: Literal["expressway", "arterial", "secondary", "branch"] = Field(alias="class")
    lanes: Count
    width_m: Size
    line: list[Place] = Field(min_length=2)


class PortRow(_Row):
    """A border crossing."""

    name: str
    at: Place


class WordsRow(_Row):
    """Of which names are made."""

    estate_heads: Words
    estate_bodies: Words
    estate_tails: Words
    park_tails: Words
    office_tails: Words
    road_heads: Words


class FiguresRow(_Row):
    """The whole file."""

    sources: list[SourceRow] = Field(default_factory=list)
    totals: TotalsRow
    elders_65: Share
    children_6: Share
    districts: Annotated[dict[str, DistrictRow], Field(min_length=1)]
    hubs: list[HubRow] = Field(default_factory=list)
    terrain: list[HillRow] = Field(default_factory=list)
    arterials: list[ArterialRow] = Field(default_factory=list)
    ports: list[PortRow] = Field(default_factory=list)
    words: WordsRow
    cut: list[str] = Field(default_factory=list)


Value = Item[FiguresRow] | None


def load(root: Path) -> Loaded:
    """Read the figures; a pack without them has no simulated city."""
    return load_file(root, FILE, FiguresRow)


def check(value: Value, pack: PackSource) -> Iterator[Fault]:
    """Every district has its figures, and the divisions that are named exist."""
    known = {division.value.code: division.value for division in pack.values.get("divisions") or ()}
    if value is None or not known:
        return
    hint = "请使用 divisions.csv 里的区划代码。"
    for key, codes in (("districts", value.value.districts), ("cut", value.value.cut)):
        for code in codes:
            if code not in known:
                yield value.fault("city.division", f"没有代码为 {code} 的区划。", hint, key=key)
    for code, division in known.items():
        if division.level == "district" and code not in value.value.districts:
            message = f"没有写 {division.name}（{code}）的数字。"
            yield value.fault("city.district", message, "请在 districts 里补上这个区。", key="districts")


def install(_value: Value, _pack: PackSource, _now: datetime) -> None:
    """Nothing of a city needs them: whoever makes a simulated one reads the file."""


def describe(value: Value) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """How large the simulated city is."""
    if value is not None:
        yield "模拟城市", "city", "模拟城市", value.value.totals.model_dump()


CITY = Section("simulated_city", "模拟城市", load, check, install, describe)

"""`lake/population/figures.yaml`: shares and medians from which simulated people are drawn. Nobody real is in it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.packs.public import Fault, Item, Loaded, PackSource, Section, load_file

FILE = "lake/population/figures.yaml"
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Weights = Annotated[dict[str, Weight], Field(min_length=1)]
Age = Annotated[int, Field(ge=0, le=120)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SourceRow(_Row):
    """Where a figure comes from."""

    figure: str
    source: str


class HouseholdRow(_Row):
    """A kind of household."""

    share: Weight
    adults: int = Field(ge=0, le=9)
    couple: bool
    children: int = Field(ge=0, le=9)
    elders: int = Field(ge=0, le=9)


class EducationRow(_Row):
    """Education of those of an age and older."""

    from_age: Age
    shares: list[Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(min_length=1)


class FiguresRow(_Row):
    """The whole file."""

    sources: list[SourceRow]
    local_code: str
    local_hukou: Share
    male_share: Share
    districts: Weights
    origins: Weights
    households: list[HouseholdRow] = Field(min_length=1)
    adult_ages: Annotated[dict[Age, Weight], Field(min_length=1)]
    educations: list[EducationRow] = Field(min_length=1)
    median_incomes: list[Weight]
    industries: Weights
    unknown: dict[str, Share]


Value = Item[FiguresRow] | None


def load(root: Path) -> Loaded:
    """Read the figures; a pack without them has no simulated people."""
    return load_file(root, FILE, FiguresRow)


def check(value: Value, pack: PackSource) -> Iterator[Fault]:
    """Districts exist; every band of education has a share for each income."""
    if value is None:
        return
    known = {division.value.code for division in pack.values.get("divisions") or ()}
    for code in value.value.districts if known else ():
        if code not in known:
            hint = "请使用 divisions.csv 里的区划代码。"
            yield value.fault("population.district", f"没有代码为 {code} 的区划。", hint, key="districts")
    wanted = len(value.value.median_incomes)
    for index, band in enumerate(value.value.educations):
        if len(band.shares) != wanted or not sum(band.shares):
            message = f"从 {band.from_age} 岁起的学历比例有 {len(band.shares)} 个，收入中位数有 {wanted} 个。"
            hint = "两处都按同样的学历次序逐项填写，比例不能全是 0。"
            yield value.fault("population.shares", message, hint, key=f"educations.{index}")


def install(_value: Value, _pack: PackSource, _now: datetime) -> None:
    """Nothing of a city needs them: whoever draws people reads the file."""


def describe(value: Value) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """The figures that are one number."""
    if value is not None:
        fields = {"本地户籍": value.value.local_hukou, "男性": value.value.male_share}
        yield "模拟人口", "figures", "模拟人口", fields


POPULATION = Section("population", "模拟人口", load, check, install, describe)

"""The figures a population is drawn from: data of the pack."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zhicheng.core.packs.public import read_yaml

FILE = "lake/population/figures.yaml"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shares:
    """Codes with the share of each; `index` draws positions from uniform numbers."""

    codes: tuple[str, ...]
    cumulated: Floats

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> "Shares":
        """From weights that need not sum to one."""
        values = np.cumsum(np.fromiter(weights.values(), np.float64, len(weights)))
        return cls(tuple(weights), values / values[-1])

    def index(self, uniform: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.int16]:
        """A position for each uniform number of [0, 1)."""
        found = np.searchsorted(self.cumulated, uniform, side="right")
        return np.minimum(found, len(self.codes) - 1).astype(np.int16)


@dataclass(frozen=True)
class Household:
    """One kind of household."""

    share: float
    adults: int
    couple: bool
    children: int
    elders: int

    @property
    def size(self) -> int:
        """How many live in it."""
        return self.adults + self.children + self.elders


@dataclass(frozen=True)
class Figures:
    """All of them. `streets` has the streets of each district in the order of `districts`."""

    local_code: str
    local_hukou: float
    male_share: float
    districts: Shares
    streets: tuple[tuple[str, ...], ...]
    origins: Shares
    households: tuple[Household, ...]
    adult_ages: Shares
    educations: tuple[tuple[int, Shares], ...]
    median_incomes: Floats
    industries: Shares
    unknown: Mapping[str, float]


@lru_cache(maxsize=4)
def read_figures(pack: Path) -> Figures:
    """The figures of a pack folder.

    Raises:
        ValueError: they are missing or cannot be read; the first fault is named.
    """
    row, faults = read_yaml(pack, FILE)
    if row is None:
        raise ValueError(f"{FILE}: {faults[0].message}")
    values = row.values
    districts = Shares.of(values["districts"])
    return Figures(
        local_code=values["local_code"],
        local_hukou=values["local_hukou"],
        male_share=values["male_share"],
        districts=districts,
        streets=_streets(pack, districts.codes),
        origins=Shares.of(values["origins"]),
        households=tuple(Household(**household) for household in values["households"]),
        adult_ages=Shares.of(values["adult_ages"]),
        educations=tuple((band["from_age"], _numbered(band["shares"])) for band in values["educations"]),
        median_incomes=np.array(values["median_incomes"], np.float64),
        industries=Shares.of(values["industries"]),
        unknown=values["unknown"],
    )


def _numbered(weights: list[float]) -> Shares:
    return Shares.of({str(index): weight for index, weight in enumerate(weights)})


def _streets(pack: Path, districts: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    found: dict[str, list[str]] = {code: [] for code in districts}
    with (pack / "divisions.csv").open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            if line["level"] == "street" and line["parent"] in found:
                found[line["parent"]].append(line["code"])
    return tuple(tuple(found[code]) for code in districts)

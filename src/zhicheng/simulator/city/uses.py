"""What land is used for: first block by block, so that villages and works lie together, then parcel by parcel."""

from dataclasses import dataclass

import numpy as np

from zhicheng.simulator.city.cutting import Ints
from zhicheng.simulator.city.figures import District
from zhicheng.simulator.city.frame import Floats

LAND_USES = (
    "residential",
    "commercial",
    "office",
    "industrial",
    "public",
    "green",
    "transport",
    "mixed",
    "urban_village",
)
RESIDENTIAL, COMMERCIAL, OFFICE, INDUSTRIAL, PUBLIC, GREEN, TRANSPORT, MIXED, VILLAGE = range(len(LAND_USES))

# what a parcel is in a block of the row's use; rows and columns in the order of LAND_USES
_WITHIN = np.array(
    [
        [0.70, 0.08, 0.02, 0.00, 0.09, 0.04, 0.02, 0.05, 0.00],
        [0.06, 0.66, 0.10, 0.00, 0.04, 0.02, 0.04, 0.08, 0.00],
        [0.04, 0.12, 0.70, 0.00, 0.03, 0.03, 0.02, 0.06, 0.00],
        [0.03, 0.03, 0.04, 0.82, 0.02, 0.02, 0.04, 0.00, 0.00],
        [0.06, 0.05, 0.04, 0.00, 0.75, 0.08, 0.02, 0.00, 0.00],
        [0.00, 0.00, 0.00, 0.00, 0.02, 0.96, 0.02, 0.00, 0.00],
        [0.00, 0.05, 0.05, 0.10, 0.05, 0.05, 0.70, 0.00, 0.00],
        [0.22, 0.22, 0.10, 0.00, 0.04, 0.02, 0.02, 0.38, 0.00],
        [0.05, 0.05, 0.00, 0.02, 0.05, 0.02, 0.01, 0.00, 0.80],
    ]
).cumsum(axis=1)


@dataclass(frozen=True)
class Blocks:
    """Middles in metres, areas in square metres and the intensity around them, one entry a block."""

    centres: Floats
    areas: Floats
    intensity: Floats


def block_uses(blocks: Blocks, district: District, most_green: float, rng: np.random.Generator) -> Ints:
    """A use for each block: green far from centres first, then villages and works, then the city."""
    centres, areas = blocks.centres, blocks.areas
    uses = np.full(len(areas), -1, np.int64)
    city = np.clip(blocks.intensity - 1.0, 0.0, 2.0)
    varied = float(np.clip(rng.normal(1.0, 0.35), 0.3, 1.9))
    _claim(uses, GREEN, _waves(centres, 2600.0, 1) - 0.9 * city, areas, min(district.green * varied, most_green))
    if (uses == GREEN).all():
        uses[areas.argmax()] = VILLAGE
    share = district.village * float(np.clip(rng.normal(1.0, 0.4), 0.2, 1.8)) * (1 - district.green)
    _claim(uses, VILLAGE, _waves(centres, 1300.0, 2) - 0.7 * city, areas, share)
    share = district.industry * float(np.clip(rng.normal(1.0, 0.4), 0.2, 1.8)) * (1 - district.green)
    _claim(uses, INDUSTRIAL, _waves(centres, 1900.0, 3) - 1.5 * city, areas, share)
    open_ = np.flatnonzero(uses < 0)
    office, shops = 0.02 + 0.30 * city[open_] / 2, 0.07 + 0.12 * city[open_] / 2
    shares = np.stack([office, shops, np.full(len(open_), 0.09), np.full(len(open_), 0.02), 0.05 + shops / 2], axis=1)
    drawn = (rng.random(len(open_))[:, None] > shares.cumsum(axis=1)).sum(axis=1)
    uses[open_] = np.array([OFFICE, COMMERCIAL, PUBLIC, TRANSPORT, MIXED, RESIDENTIAL])[drawn]
    return uses


def parcel_uses(uses: Ints, intensity: Floats, rng: np.random.Generator) -> Ints:
    """A use for each parcel of blocks with these uses; offices gather where the intensity is high."""
    drawn = (rng.random(len(uses))[:, None] > _WITHIN[uses]).sum(axis=1)
    found: Ints = np.minimum(drawn, len(LAND_USES) - 1)
    lifted = (found == COMMERCIAL) & (rng.random(len(uses)) < 0.2 * (intensity - 1.0))
    return np.where(lifted, OFFICE, found)


def _claim(uses: Ints, use: int, wish: Floats, areas: Floats, share: float) -> None:
    """Give the blocks that wish most to a use, until it has its share of the whole area."""
    order = np.argsort(np.where(uses < 0, -wish, np.inf), kind="stable")
    order = order[: int((uses < 0).sum())]
    before = areas[order].cumsum() - areas[order] / 2
    uses[order[before <= share * areas.sum()]] = use


def _waves(points: Floats, length_m: float, kind: int) -> Floats:
    """A smooth field over the whole city, about between -1 and 1, with hills about so far apart."""
    x, y = points[:, 0] / length_m * 2 * np.pi, points[:, 1] / length_m * 2 * np.pi
    first = np.sin(x + 1.7 * kind) * np.cos(0.8 * y + kind)
    second = np.sin(0.61 * x - 0.53 * y + 2.3 * kind) + np.cos(0.37 * x + 0.71 * y - kind)
    found: Floats = 0.5 * first + 0.25 * second
    return found

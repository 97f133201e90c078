"""The figures and outlines a city is made from: data of the pack."""

import csv
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from zhicheng.core.packs.public import read_yaml
from zhicheng.simulator.city.frame import Floats, Frame, Shapes

FILE = "layers/city/figures.yaml"


@dataclass(frozen=True)
class District:
    """What is known of one district. Shares are of its parcels' area; `built` is how densely it is built up."""

    people: int
    village: float
    industry: float
    green: float
    built: float


@dataclass(frozen=True)
class Hub:
    """A centre of business: a point in metres, its tallest building, and how far it reaches."""

    x: float
    y: float
    height_m: float
    radius_m: float


@dataclass(frozen=True)
class Arterial:
    """A road through many communities, in metres."""

    name: str
    grade: str
    lanes: int
    width_m: float
    line: BaseGeometry


@dataclass(frozen=True)
class Figures:
    """All of them."""

    totals: Mapping[str, int]
    elders_65: float
    children_6: float
    districts: Mapping[str, District]
    hubs: tuple[Hub, ...]
    terrain: Shapes
    arterials: tuple[Arterial, ...]
    ports: Mapping[str, BaseGeometry]
    words: Mapping[str, tuple[str, ...]]
    cut: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """The smallest area, in metres."""

    code: str
    name: str
    shape: BaseGeometry


@dataclass(frozen=True)
class Atlas:
    """The divisions of a pack. Outlines are in metres; `communities` are in the order of their codes."""

    frame: Frame
    city: str
    names: Mapping[str, str]
    parents: Mapping[str, str]
    communities: tuple[str, ...]
    outlines: Mapping[str, BaseGeometry]
    grids: Mapping[str, tuple[Grid, ...]]

    def district_of(self, community: str) -> str:
        """The district of a community."""
        return self.parents[self.parents[community]]


@lru_cache(maxsize=4)
def read_atlas(pack: Path) -> Atlas:
    """Divisions and outlines of a pack folder."""
    names, parents = {}, {}
    with (pack / "divisions.csv").open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            names[line["code"]], parents[line["code"]] = line["name"], line["parent"]
    west, south, east, north = shapely.total_bounds(list(_outlines(pack, "districts").values()))
    frame = Frame(round((west + east) / 2, 4), round((south + north) / 2, 4))
    communities = {code: frame.to_metres(one) for code, one in sorted(_outlines(pack, "communities").items())}
    grids: dict[str, list[Grid]] = {code: [] for code in communities}
    for code, shape in sorted(_outlines(pack, "grids").items()):
        grids[code[:12]].append(Grid(code, "", frame.to_metres(shape)))
    return Atlas(
        frame,
        _full_name(pack),
        names,
        parents,
        tuple(communities),
        communities,
        {code: tuple(found) for code, found in grids.items()},
    )


@lru_cache(maxsize=4)
def read_figures(pack: Path) -> Figures:
    """The figures of a pack folder.

    Raises:
        ValueError: they are missing or cannot be read; the first fault is named.
    """
    values = _values(pack, FILE)
    frame = read_atlas(pack).frame
    return Figures(
        totals=values["totals"],
        elders_65=values["elders_65"],
        children_6=values["children_6"],
        districts={code: District(**one) for code, one in values["districts"].items()},
        hubs=tuple(_hub(one, frame) for one in values.get("hubs") or ()),
        terrain=np.array([_hill(one, frame) for one in values.get("terrain") or ()], dtype=object),
        arterials=tuple(_arterial(one, frame) for one in values.get("arterials") or ()),
        ports={one["name"]: Point(_metres(one["at"], frame)[0]) for one in values.get("ports") or ()},
        words={kind: tuple(found) for kind, found in values["words"].items()},
        cut=tuple(str(code) for code in values.get("cut") or ()),
    )


def outlines_of(pack: Path, level: str) -> dict[str, tuple[str, BaseGeometry]]:
    """Code → name and outline in degrees, of `districts`, `streets`, `communities` or `grids`."""
    features = json.loads((pack / "areas" / f"{level}.geojson").read_text(encoding="utf-8"))["features"]
    found = {}
    for feature in features:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        found[feature["properties"]["code"]] = (feature["properties"]["name"], shape)
    return found


def _outlines(pack: Path, level: str) -> dict[str, BaseGeometry]:
    return {code: shape for code, (_, shape) in outlines_of(pack, level).items()}


def _full_name(pack: Path) -> str:
    values = _values(pack, "pack.yaml")
    return re.sub("（.*?）", "", str(values.get("full_name") or values["name"]))


def _values(pack: Path, file: str) -> Mapping[str, Any]:
    row, faults = read_yaml(pack, file)
    if row is None:
        raise ValueError(f"{file}: {faults[0].message}")
    return row.values


def _metres(points: Any, frame: Frame) -> Floats:
    return frame.metres(np.array(points, np.float64).reshape(-1, 2))


def _hub(one: Mapping[str, Any], frame: Frame) -> Hub:
    (x, y), *_ = _metres(one["at"], frame)
    return Hub(float(x), float(y), float(one["height_m"]), one["radius_km"] * 1000.0)


def _hill(one: Mapping[str, Any], frame: Frame) -> BaseGeometry:
    """An ellipse with an uneven rim, so that nobody takes it for a survey."""
    (x, y), *_ = _metres(one["at"], frame)
    turn = np.linspace(0.0, 2 * math.pi, 48, endpoint=False)
    rim = 1.0 + 0.10 * np.sin(3 * turn + x) + 0.06 * np.sin(5 * turn + y) + 0.03 * np.sin(9 * turn)
    east, north = (1000.0 * radius for radius in one["radii_km"])
    points = np.stack([x + east * rim * np.cos(turn), y + north * rim * np.sin(turn)], axis=1)
    return Polygon(points)


def _arterial(one: Mapping[str, Any], frame: Frame) -> Arterial:
    line = LineString(_metres(one["line"], frame))
    return Arterial(one["name"], one["class"], one["lanes"], float(one["width_m"]), line)

"""The ground of one community: roads, blocks between them, and the parcels of each block."""

from dataclasses import dataclass

import numpy as np
import shapely

from zhicheng.simulator.city.cutting import Cuts, Ints, Style, cut_areas, largest_parts, no_gap, share_out
from zhicheng.simulator.city.figures import Atlas, District, Figures
from zhicheng.simulator.city.frame import Floats, Shapes
from zhicheng.simulator.city.planning import Quota, intensity_at
from zhicheng.simulator.city.uses import GREEN, LAND_USES, TRANSPORT, VILLAGE, Blocks, block_uses, parcel_uses

_HAMLET = 0.12  # of a community that lies in the hills altogether
_MARGIN_M = 7.0  # from the border of a grid: half of the street that runs there
_LEAST_BLOCK_M2 = 1_500.0
_FENCE_M = 0.25
_BUILDING_M2, _MOST_GREEN = 450.0, 0.85  # of land that a building takes at least; of land that stays green at most
_MAIN = 6  # an area still to be cut into so many blocks is cut by a main street
# parcels an area is cut into, relative to others of its size
_PARCEL_WEIGHTS = {VILLAGE: 1.5, GREEN: 0.0, TRANSPORT: 0.5, LAND_USES.index("industrial"): 0.6}


@dataclass(frozen=True)
class Site:
    """A community to lay out."""

    code: str
    atlas: Atlas
    figures: Figures
    quota: Quota

    @property
    def district(self) -> District:
        """Its district's figures."""
        return self.figures.districts[self.atlas.district_of(self.code)]


@dataclass(frozen=True)
class Ground:
    """Parcels in an order in which neighbours follow each other, and the streets between blocks, in metres.

    `uses` are positions in `LAND_USES`, `grids` in the community's grids, `blocks` count from 0. `grades` of streets
    are 1 (secondary) or 0 (branch).
    """

    parcels: Shapes
    uses: Ints
    grids: Ints
    blocks: Ints
    streets: Shapes
    grades: Ints


def lay_out(site: Site, rng: np.random.Generator) -> Ground:
    """Cut the free land of a community into blocks and these into parcels."""
    bases, base_grids = _free_land(site)
    blocks = _cut_blocks(bases, site, rng)
    centres = shapely.get_coordinates(shapely.centroid(blocks.pieces))
    intensity = intensity_at(site.figures, centres)
    areas = shapely.area(blocks.pieces)
    needed = site.quota.buildings * _BUILDING_M2 / max(areas.sum(), 1.0)
    uses = block_uses(Blocks(centres, areas, intensity), site.district, min(_MOST_GREEN, 1.0 - needed), rng)
    quotas = _parcel_quotas(areas, uses, site.quota.parcels)
    cuts = cut_areas(blocks.pieces, quotas, Style(no_gap), rng)
    parcels, owners = _exactly(cuts, site.quota.parcels, rng)
    own = parcel_uses(uses[owners], intensity[owners], rng)
    fenced = shapely.buffer(parcels, -_FENCE_M, join_style="mitre", quad_segs=1)
    fenced = largest_parts(fenced)
    usable = shapely.area(fenced) > 2.0
    return Ground(
        fenced[usable],
        own[usable],
        base_grids[blocks.owners[owners]][usable],
        owners[usable],
        blocks.lines,
        (blocks.line_quotas >= _MAIN).astype(np.int64),
    )


def _free_land(site: Site) -> tuple[Shapes, Ints]:
    """What can be built on: each grid without its rim, hills, water and the strips of arterial roads."""
    grids = np.array([grid.shape for grid in site.atlas.grids[site.code]], dtype=object)
    inner = shapely.buffer(grids, -_MARGIN_M, join_style="mitre", quad_segs=1)
    taken = [shapely.buffer(road.line, road.width_m / 2, cap_style="flat") for road in site.figures.arterials]
    if not site.quota.flat:
        taken += list(site.figures.terrain)
    outline = site.atlas.outlines[site.code]
    if site.quota.flat:
        centre, radius_m = shapely.point_on_surface(outline), np.sqrt(_HAMLET * outline.area / np.pi)
        inner = shapely.intersection(inner, shapely.buffer(centre, radius_m))
    near = [shape for shape in taken if shape.intersects(outline)]
    if near:
        inner = shapely.difference(inner, shapely.union_all(near))
    parts, owners = shapely.get_parts(inner, return_index=True)
    kept = shapely.area(parts) >= _LEAST_BLOCK_M2
    if not kept.any():
        parts, owners = shapely.get_parts(grids, return_index=True)
        kept = shapely.area(parts) > 0
    return parts[kept], owners[kept]


def _cut_blocks(bases: Shapes, site: Site, rng: np.random.Generator) -> Cuts:
    areas = shapely.area(bases)
    size_m2 = 52_000.0 / site.quota.intensity**0.75
    count = int(np.clip(areas.sum() / size_m2, len(bases), max(len(bases), 0.35 * site.quota.parcels)))
    quotas = share_out(areas, count, 1)
    style = Style(lambda many, _: np.where(many >= _MAIN, 18.0, 10.0), lines=True)
    return cut_areas(bases, quotas, style, rng)


def _parcel_quotas(areas: Floats, uses: Ints, total: int) -> Ints:
    weights = areas * np.array([_PARCEL_WEIGHTS.get(use, 1.0) for use in uses])
    if not weights.any():
        weights = areas
    return share_out(weights, max(total, len(areas)), 1)


def _exactly(cuts: Cuts, total: int, rng: np.random.Generator) -> tuple[Shapes, Ints]:
    """The pieces of cuts, the largest cut again until there are enough, or without the smallest where too many."""
    pieces, owners = cuts.pieces, cuts.owners
    style = Style(no_gap, unevenness=0.02)
    for _ in range(8):
        missing = total - len(pieces)
        if missing <= 0:
            break
        quotas = np.ones(len(pieces), np.int64)
        quotas[np.argsort(-shapely.area(pieces), kind="stable")[:missing]] = 2
        again = cut_areas(pieces, quotas, style, rng)
        pieces, owners = again.pieces, owners[again.owners]
    kept = np.sort(np.argsort(-shapely.area(pieces), kind="stable")[:total])
    return pieces[kept], owners[kept]

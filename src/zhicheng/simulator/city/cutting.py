"""Cutting areas into a given number of pieces, all areas at once, again and again across their longer side.

Pure geometry in metres. With a gap the pieces stand apart, and the line down the middle of each gap is known: that is
how streets come about. Same input and generator, same output.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from zhicheng.simulator.city.frame import Floats, Shapes, outlines

Ints = npt.NDArray[np.int64]
_LEAST_AREA_M2 = 6.0
_POLYGON = 3


@dataclass(frozen=True)
class Style:
    """How to cut: how wide a gap, and how far from even and square.

    The gap is asked for areas by how many pieces they are still to become and which of the first areas they are of.
    """

    gap: Callable[[Ints, Ints], Floats]
    unevenness: float = 0.06
    slant: float = 0.04
    lines: bool = False


@dataclass(frozen=True)
class Cuts:
    """Pieces in an order in which neighbours follow each other, with the position of the area each was part of.

    `lines` run along the gaps; `line_quotas` says into how many pieces the area was to be cut there: a large number
    is a main street.
    """

    pieces: Shapes
    owners: Ints
    lines: Shapes
    line_owners: Ints
    line_quotas: Ints


def no_gap(_quotas: Ints, owners: Ints) -> Floats:
    """For pieces that touch each other."""
    return np.zeros(len(owners))


def cut_areas(areas: Shapes, quotas: Ints, style: Style, rng: np.random.Generator) -> Cuts:
    """Cut each area into as many pieces as its quota says (1 leaves it whole, 0 drops it).

    Degenerate pieces vanish, so there may be fewer; never more.
    """
    owners = np.flatnonzero(quotas > 0)
    now, quotas = areas[owners], quotas[owners].astype(np.int64)
    paths, step = np.zeros(len(owners)), 0.5
    done: list[tuple[Shapes, Ints, Floats]] = [(now[:0], owners[:0], paths[:0])]
    lines: list[tuple[Shapes, Ints, Ints]] = []
    while len(now):
        whole = quotas <= 1
        done.append((now[whole], owners[whole], paths[whole]))
        now, quotas, owners, paths = now[~whole], quotas[~whole], owners[~whole], paths[~whole]
        if not len(now):
            break
        small = quotas // 2
        first, second, middles = _halved(now, quotas, style.gap(quotas, owners), style, rng)
        if style.lines:
            lines.append((middles, owners, quotas))
        now = np.concatenate([first, second])
        quotas, owners = np.concatenate([small, quotas - small]), np.concatenate([owners, owners])
        paths, step = np.concatenate([paths, paths + step]), step / 2
        kept = shapely.area(now) > _LEAST_AREA_M2
        now, quotas, owners, paths = now[kept], quotas[kept], owners[kept], paths[kept]
    return _ordered(done, lines)


def _ordered(done: list[tuple[Shapes, Ints, Floats]], lines: list[tuple[Shapes, Ints, Ints]]) -> Cuts:
    pieces, owners, paths = (np.concatenate(parts) for parts in zip(*done, strict=True))
    order = np.lexsort((paths, owners))
    if not lines:
        none = np.empty(0, np.int64)
        return Cuts(pieces[order], owners[order], np.empty(0, object), none, none)
    middles, line_owners, line_quotas = (np.concatenate(parts) for parts in zip(*lines, strict=True))
    kept = ~shapely.is_empty(middles) & (shapely.length(middles) > 1.0)
    return Cuts(pieces[order], owners[order], middles[kept], line_owners[kept], line_quotas[kept])


def axes_of(areas: Shapes) -> tuple[Floats, Floats, Floats, Floats]:
    """Centre, direction of the longer side, and both lengths of the smallest turned rectangle around each area.

    A degenerate area has lengths of zero.
    """
    envelopes = shapely.oriented_envelope(areas)
    proper = shapely.get_num_coordinates(envelopes) == 5
    corners = np.zeros((len(areas), 5, 2))
    corners[proper] = shapely.get_coordinates(envelopes[proper]).reshape(-1, 5, 2)
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 1]
    lengths = np.stack([np.hypot(one[:, 0], one[:, 1]), np.hypot(two[:, 0], two[:, 1])], axis=1)
    first_longer = lengths[:, 0] >= lengths[:, 1]
    along = np.where(first_longer[:, None], one, two)
    along /= np.maximum(lengths.max(axis=1), 1e-9)[:, None]
    along *= np.where((along[:, 0] > 0) | ((along[:, 0] == 0) & (along[:, 1] > 0)), 1.0, -1.0)[:, None]
    return corners[:, :4].mean(axis=1), along, lengths.max(axis=1), lengths.min(axis=1)


def _halved(
    areas: Shapes, quotas: Ints, gaps: Floats, style: Style, rng: np.random.Generator
) -> tuple[Shapes, Shapes, Shapes]:
    centre, along, length, width = axes_of(areas)
    count = len(areas)
    shift = (quotas // 2) / quotas - 0.5 + np.clip(rng.normal(0.0, style.unevenness, count), -0.15, 0.15)
    turn = np.clip(rng.normal(0.0, style.slant, count), -0.15, 0.15)
    cos, sin = np.cos(turn), np.sin(turn)
    forward = np.stack([along[:, 0] * cos - along[:, 1] * sin, along[:, 0] * sin + along[:, 1] * cos], axis=1)
    across = np.stack([-forward[:, 1], forward[:, 0]], axis=1)
    at = centre + along * (length * shift)[:, None]
    reach = (1.5 * (length + width) + 1.0)[:, None]
    half_gap = (gaps / 2)[:, None]
    first = largest_parts(shapely.intersection(areas, _half_plane(at - forward * half_gap, -forward, across, reach)))
    second = largest_parts(shapely.intersection(areas, _half_plane(at + forward * half_gap, forward, across, reach)))
    if not style.lines:
        return first, second, np.empty(0, object)
    lines = shapely.linestrings(np.stack([at - across * reach, at + across * reach], axis=1))
    return first, second, largest_parts(shapely.intersection(lines, areas))


def _half_plane(edge: Floats, towards: Floats, across: Floats, reach: Floats) -> Shapes:
    near, far = edge - across * reach, edge + across * reach
    corners = np.stack([near, far, far + towards * reach, near + towards * reach], axis=1)
    return outlines(corners)


def largest_parts(shapes: Shapes) -> Shapes:
    """Each shape, or its largest part where it fell apart."""
    found: Shapes = shapes.copy()
    for position in np.flatnonzero(shapely.get_type_id(shapes) > _POLYGON):
        parts = shapely.get_parts(shapes[position])
        if len(parts):
            sizes = shapely.area(parts) + 1e-6 * shapely.length(parts)
            found[position] = parts[int(sizes.argmax())]
    return found


def share_out(weights: Floats, total: int, least: Ints | int = 0) -> Ints:
    """Whole numbers in proportion to weights that sum to `total`, none below `least` as long as that is possible.

    >>> share_out(np.array([1.0, 1.0, 2.0]), 10).tolist()
    [3, 2, 5]
    """
    floor = np.broadcast_to(np.asarray(least, np.int64), weights.shape)
    if len(weights) == 0 or floor.sum() >= total:
        return _largest_remainders(floor.astype(np.float64) + 1e-9, total) if len(weights) else floor.copy()
    free = np.ones(len(weights), bool)
    while True:
        left = total - floor[~free].sum()
        ideal = np.where(free, weights, 0.0) * (left / max(weights[free].sum(), 1e-300))
        short = free & (ideal < floor)
        if not short.any() or short.sum() == free.sum():
            break
        free &= ~short
    found = floor.copy()
    found[free] = _largest_remainders(weights[free], int(left))
    return found


def _largest_remainders(weights: Floats, total: int) -> Ints:
    ideal: Floats = weights * (total / max(weights.sum(), 1e-300))
    found: Ints = np.floor(ideal).astype(np.int64)
    order = np.argsort(found - ideal, kind="stable")
    found[order[: total - found.sum()]] += 1
    return found

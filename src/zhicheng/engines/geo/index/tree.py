"""A tree of boxes over rows in Hilbert order. Node k of a level covers sixteen neighbours of the level below.

Nothing points anywhere: where a node's children are follows from its number, and rows come out in their own order.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhicheng.engines.geo.index.boxes import Cells
from zhicheng.kit.compiled import compiled

Rows = NDArray[np.int32]
Offsets = NDArray[np.int64]
BRANCHES = 16
_FIRST_ROOM, _GROWTH = 1024, 8


class BoxTree(NamedTuple):
    """`boxes` (n, 4) of the rows; `nodes` (m, 4) level by level from the lowest; `starts` where each level begins."""

    boxes: Cells
    nodes: Cells
    starts: Offsets


def build_nodes(boxes: Cells) -> BoxTree:
    """The tree over boxes that are in order already."""
    levels: list[Cells] = []
    below = np.ascontiguousarray(boxes)
    while len(below) > BRANCHES or not levels:
        below = _enclose(below)
        levels.append(below)
    starts = np.cumsum([0, *[len(level) for level in levels]], dtype=np.int64)
    return BoxTree(np.ascontiguousarray(boxes), np.concatenate(levels), starts)


def _enclose(boxes: Cells) -> Cells:
    if not len(boxes):
        return boxes
    groups = np.arange(0, len(boxes), BRANCHES)
    least = np.minimum.reduceat(boxes[:, :2], groups, axis=0)
    most = np.maximum.reduceat(boxes[:, 2:], groups, axis=0)
    return np.concatenate([least, most], axis=1)


def search_box(tree: BoxTree, box: Cells, limit: int, after: int = -1) -> Rows:
    """The first rows behind `after` whose boxes touch a box (four whole numbers), ascending, at most `limit`."""
    room = max(0, min(limit, len(tree.boxes)))
    out = np.empty(min(room, _FIRST_ROOM), np.int32)
    found = find_in_box(tree, box, after, out)
    while found == len(out) < room:  # rarely more than a page is wanted: room grows with what was found
        more = np.empty(min(room, len(out) * _GROWTH), np.int32)
        more[:found] = out
        found += find_in_box(tree, box, int(out[-1]), more[found:])
        out = more
    return out[:found]


def search_boxes(tree: BoxTree, boxes: Cells, limit: int) -> tuple[Rows, Offsets]:
    """Many boxes (q, 4) at once: all rows one after the other, and where the rows of each box begin (q + 1)."""
    ends = np.zeros(len(boxes) + 1, np.int64)
    rows = np.empty(max(64, len(boxes) * 16), np.int32)
    done = 0
    while done < len(boxes):
        done = _search_many(tree, boxes, (done, limit), rows, ends)
        if done < len(boxes):
            rows = np.concatenate([rows, np.empty(len(rows) + limit, np.int32)])
    return rows[: ends[-1]], ends


@compiled
def find_in_box(tree: BoxTree, box: Cells, after: int, out: Rows) -> int:
    """Fill `out` with rows behind `after` whose boxes touch a box; how many."""
    boxes, nodes, starts = tree.boxes, tree.nodes, tree.starts
    west, south, east, north = box[0], box[1], box[2], box[3]
    count, room, top = len(boxes), len(out), len(starts) - 2
    found, level, place, reach = 0, top, 0, 16 ** (top + 1)
    last = starts[top + 1] - starts[top]
    while found < room and not (level == top and place >= last):
        at = starts[level] + place
        away = nodes[at, 0] > east or nodes[at, 2] < west or nodes[at, 1] > north or nodes[at, 3] < south
        away = away or (place + 1) * reach - 1 <= after
        if level > 0 and not away:
            level, place, reach = level - 1, place * 16, reach // 16
            continue
        begin, end = max(place * 16, after + 1), min(place * 16 + 16, count)
        for row in range(begin, begin if away else end):
            apart = boxes[row, 0] > east or boxes[row, 2] < west or boxes[row, 1] > north or boxes[row, 3] < south
            if not apart and found < room:
                out[found] = row
                found += 1
        place += 1
        while level < top and (place % 16 == 0 or place >= starts[level + 1] - starts[level]):
            level, place, reach = level + 1, (place + 15) // 16, reach * 16
    return found


@compiled
def _search_many(tree: BoxTree, boxes: Cells, turn: tuple[int, int], rows: Rows, ends: Offsets) -> int:
    """From the box `turn[0]` on, until there may be no room for `turn[1]` more rows; where it stopped."""
    query, limit = turn
    while query < len(boxes) and len(rows) - ends[query] >= min(limit, len(tree.boxes)):
        begin = ends[query]
        ends[query + 1] = begin + find_in_box(tree, boxes[query], -1, rows[begin : begin + limit])
        query += 1
    return query

"""Finding shapes among millions: columnar arrays in, arrays of row numbers out.

Rows lie along a Hilbert curve, so that neighbours on the map are neighbours in memory; above them stands a tree of
boxes without pointers. Boxes are whole numbers of 1e-7 degrees (a centimetre), rounded outwards.
"""

from zhicheng.engines.geo.index.boxes import CELLS_PER_DEGREE, Box, hilbert_codes, to_cells
from zhicheng.engines.geo.index.shapes import (
    LINE,
    POINT,
    POLYGON,
    RaggedShapes,
    compile_kernels,
    distances,
    locate_first,
    located,
    metres_per_degree,
    nearest,
    pack_shapes,
    unpack_shapes,
)
from zhicheng.engines.geo.index.tree import BoxTree, build_nodes, search_box, search_boxes

__all__ = [
    "CELLS_PER_DEGREE",
    "LINE",
    "POINT",
    "POLYGON",
    "Box",
    "BoxTree",
    "RaggedShapes",
    "build_nodes",
    "compile_kernels",
    "distances",
    "hilbert_codes",
    "locate_first",
    "located",
    "metres_per_degree",
    "nearest",
    "pack_shapes",
    "search_box",
    "search_boxes",
    "to_cells",
    "unpack_shapes",
]

"""Which tables follow the transactional store. Filled at start-up by the `receivers.py` of each package."""

from zhicheng.core.lake.base.projections import Projection
from zhicheng.kit.registry import Registry

projections: Registry[Projection] = Registry("projection")


def project(projection: Projection) -> None:
    """Have a table follow events.

    Raises:
        ValueError: another projection writes the table.
    """
    projections.add(projection.table, projection)

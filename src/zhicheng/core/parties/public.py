"""The only door to parties."""

from zhicheng.core.parties.queries.units import forget_unit_tree, get_unit_tree

__all__ = ["forget_unit_tree", "get_unit_tree"]

"""The parts of a pack that rules understand, and the kind of test for them. Imported once, when Django starts."""

from zhicheng.core.rules.sections import parameters, rules, selftests, tables

__all__ = ["parameters", "rules", "selftests", "tables"]

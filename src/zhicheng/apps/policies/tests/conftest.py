from zhicheng.apps.appeals.tests.fixtures import monday, town, town_stands

__all__ = ["monday", "town", "town_stands"]

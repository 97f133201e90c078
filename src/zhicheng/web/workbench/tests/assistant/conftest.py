from zhicheng.apps.appeals.tests.fixtures import monday, town, town_stands
from zhicheng.apps.assistant.tests.fixtures import knowledge

__all__ = ["knowledge", "monday", "town", "town_stands"]

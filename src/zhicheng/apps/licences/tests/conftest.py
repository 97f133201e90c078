from zhicheng.apps.licences.tests.fixtures import running_town, town, town_stands

__all__ = ["running_town", "town", "town_stands"]

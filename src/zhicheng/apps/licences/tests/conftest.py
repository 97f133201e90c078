from zhicheng.apps.licences.tests.fixtures import town, town_stands

__all__ = ["town", "town_stands"]

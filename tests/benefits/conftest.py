from zhicheng.apps.benefits.tests.fixtures import approver, officer, payer, town, town_stands

__all__ = ["approver", "officer", "payer", "town", "town_stands"]

"""The only door to services."""

from zhicheng.apps.services.policy import Catalogue, saving_of
from zhicheng.apps.services.queries.catalogue import get_catalogue
from zhicheng.apps.services.queries.departments import department_name, unit_for
from zhicheng.apps.services.queries.search import list_items, search_catalogue

__all__ = [
    "Catalogue",
    "department_name",
    "get_catalogue",
    "list_items",
    "saving_of",
    "search_catalogue",
    "unit_for",
]

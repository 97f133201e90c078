"""The only door to services."""

from zhicheng.apps.services.policy import Catalogue, saving_of
from zhicheng.apps.services.queries.catalogue import get_catalogue
from zhicheng.apps.services.queries.search import list_items, search_catalogue

__all__ = ["Catalogue", "get_catalogue", "list_items", "saving_of", "search_catalogue"]

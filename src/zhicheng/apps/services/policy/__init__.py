"""Pure decisions about services: the catalogue as a whole, and what a theme saves."""

from zhicheng.apps.services.policy.catalogue import Catalogue
from zhicheng.apps.services.policy.saving import saving_of

__all__ = ["Catalogue", "saving_of"]

"""Tables of licences."""

from zhicheng.apps.licences.models.licence import Licence, SeenPresentation

__all__ = ["Licence", "SeenPresentation"]

"""Rows of services: what belongs to an application beside its case, and what waits to be decided."""

from zhicheng.apps.services.models.application import Application, ToDecide

__all__ = ["Application", "ToDecide"]

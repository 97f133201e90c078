"""Taxonomy and responsibility list of the installed pack, kept in the process per release."""

from functools import lru_cache

from zhicheng.apps.appeals.policy import Directory, ResponsibilityList, Taxonomy
from zhicheng.apps.appeals.values import LevelSpec, Responsibility
from zhicheng.core.packs.public import current_definition, current_pack, current_release
from zhicheng.core.parties.public import get_unit_tree

TAXONOMY, RESPONSIBILITIES, LEVELS = "appeal_taxonomy", "appeal_responsibilities", "service_levels"


def get_taxonomy() -> Taxonomy:
    """What people appeal about."""
    return _taxonomy(current_release().id)


def get_directory() -> Directory:
    """Everything that a dispatch decision reads."""
    pack, release = current_pack(), current_release().id
    return Directory(
        taxonomy=_taxonomy(release),
        responsibilities=_responsibilities(release),
        tree=get_unit_tree(),
        triage_unit=pack.dispatch_unit or pack.fallback_unit,
        fallback_unit=pack.fallback_unit,
        threshold=pack.triage_threshold,
    )


def list_level_specs() -> list[LevelSpec]:
    """The service levels that the pack promises."""
    return _levels(current_release().id)


@lru_cache(maxsize=4)
def _taxonomy(_release: int) -> Taxonomy:
    return Taxonomy(current_definition(TAXONOMY, TAXONOMY).body["rows"])


@lru_cache(maxsize=4)
def _responsibilities(_release: int) -> ResponsibilityList:
    rows = current_definition(RESPONSIBILITIES, RESPONSIBILITIES).body["rows"]
    return ResponsibilityList([Responsibility(**row) for row in rows])


@lru_cache(maxsize=4)
def _levels(_release: int) -> list[LevelSpec]:
    return [LevelSpec(**row) for row in current_definition(LEVELS, LEVELS).body["rows"]]

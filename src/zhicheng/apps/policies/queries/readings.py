"""Readings of the installed pack, kept in the process per release."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from zhicheng.apps.policies.queries.library import get_library
from zhicheng.apps.policies.values import ClauseRef, PolicyVersion, Reading, Statement
from zhicheng.core.packs.public import DefinitionUnknown, current_definition, current_release

READINGS = "readings"


def get_reading(code: str, version: str) -> Reading | None:
    """A version of a policy in plain words; None where nobody has written that.

    Raises:
        PolicyUnknown: there is no such version.
    """
    text = get_library().version(code, version)
    row = _readings(current_release().id).get((code, version))
    return _reading(row, text) if row else None


@lru_cache(maxsize=2)
def _readings(_release: int) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    try:
        body = current_definition(READINGS, READINGS).body
    except DefinitionUnknown:
        return {}
    return {(row["policy"], row["version"]): row for row in body["readings"]}


def _reading(row: Mapping[str, Any], version: PolicyVersion) -> Reading:
    """The reading with its clauses. A statement whose clause is gone is not said: the check of the pack finds it."""
    places = {
        clause.code: ClauseRef(clause.code, place, clause.title, clause.text)
        for place, clause in enumerate(version.clauses, start=1)
    }
    statements = [
        Statement(each["about"], each["text"], [places[code] for code in each["clauses"]], each["ask"])
        for each in row["statements"]
        if all(code in places for code in each["clauses"])
    ]
    return Reading(row["policy"], row["version"], statements)

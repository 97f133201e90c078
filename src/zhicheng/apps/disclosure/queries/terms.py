"""The terms of disclosure of the installed pack, kept in the process per release."""

from functools import lru_cache

from zhicheng.apps.disclosure.errors import DisclosureNotOffered
from zhicheng.apps.disclosure.values import Decision, Ground, Remedy, Terms
from zhicheng.core.packs.public import DefinitionUnknown, current_definition, current_release

TERMS = "disclosure_terms"


def get_terms() -> Terms:
    """The law as the pack states it.

    Raises:
        DisclosureNotOffered: this city has none.
    """
    terms = _terms(current_release().id)
    if terms is None:
        raise DisclosureNotOffered()
    return terms


@lru_cache(maxsize=2)
def _terms(_release: int) -> Terms | None:
    try:
        body = current_definition(TERMS, TERMS).body
    except DefinitionUnknown:
        return None
    return Terms(
        regulation=body["regulation"],
        decisions={row["code"]: Decision(**row) for row in body["decisions"]},
        grounds={row["code"]: Ground(**row) for row in body["grounds"]},
        remedies={code: Remedy(**row) for code, row in body["remedies"].items()},
        report={row["code"]: row["label"] for row in body["report"]},
    )

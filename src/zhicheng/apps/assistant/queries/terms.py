"""How the installed city's assistant speaks and what it refuses; kept in the process per release."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from zhicheng.apps.assistant.values import Button, GuardClass, Outside, SmallTalk, Terms
from zhicheng.core.packs.public import DefinitionUnknown, current_definition, current_release

TERMS = "assistant_terms"
_PARTS = frozenset({"guards", "small_talk", "outside"})


def get_terms() -> Terms:
    """The terms of the installed pack; a pack without them has the plain ones."""
    return _terms(current_release().id)


@lru_cache(maxsize=2)
def _terms(_release: int) -> Terms:
    try:
        return terms_value(current_definition(TERMS, TERMS).body)
    except DefinitionUnknown:
        return Terms()


def terms_value(body: Mapping[str, Any]) -> Terms:
    """The terms from their pinned form."""
    lists = {name: tuple(body[name]) for name in ("frequent", "rating_reasons") if name in body}
    plain: dict[str, Any] = {name: body[name] for name in body if name not in _PARTS} | lists
    return Terms(
        **plain,
        guards=tuple(_guard(row) for row in body.get("guards", ())),
        small_talk=tuple(SmallTalk(row["code"], tuple(row["asked"]), row["answer"]) for row in body["small_talk"]),
        outside=tuple(_outside(row) for row in body.get("outside", ())),
    )


def _outside(row: Mapping[str, Any]) -> Outside:
    return Outside(row["code"], row["label"], tuple(row["asked"]), bool(row.get("elsewhere")))


def _guard(row: Mapping[str, Any]) -> GuardClass:
    return GuardClass(
        code=row["code"],
        label=row["label"],
        answer=row["answer"],
        words=tuple(row.get("words", ())),
        patterns=tuple(row.get("patterns", ())),
        action=row.get("action", "refuse"),
        in_documents=bool(row.get("in_documents")),
        buttons=tuple(Button(**each) for each in row.get("buttons", ())),
    )

"""Kinds of materials in the installed pack."""

from collections.abc import Mapping
from functools import lru_cache

from zhicheng.core.forms.values import MATERIAL, MaterialField, MaterialType
from zhicheng.core.packs.public import NoPackInstalled, current_release, list_definitions


def material_types() -> Mapping[str, MaterialType]:
    """Every kind of material by code, in the order of their codes; none where no pack is installed."""
    try:
        return _types(current_release().id)
    except NoPackInstalled:
        return {}


def find_material(code: str) -> MaterialType | None:
    """One kind of material."""
    return material_types().get(code)


@lru_cache(maxsize=8)
def _types(release_id: int) -> Mapping[str, MaterialType]:
    del release_id
    found = {}
    for pinned in list_definitions(MATERIAL):
        body = pinned.body
        fields = tuple(MaterialField(one["code"], one["label"]) for one in body["fields"])
        found[pinned.code] = MaterialType(
            pinned.code, pinned.label, body["kind"], body["licence"], body["reader"], fields, body["note"]
        )
    return found

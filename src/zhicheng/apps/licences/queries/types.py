"""Types of licences as the installed pack has them, and as they were when a licence was issued."""

from collections.abc import Mapping
from functools import lru_cache

from zhicheng.apps.licences.errors import LicenceTypeUnknown
from zhicheng.apps.licences.values import LicenceField, LicenceType, LineSource, ShownField
from zhicheng.core.packs.public import DefinitionUnknown, current_definition, get_definition, list_definitions
from zhicheng.core.packs.values import PinnedDefinition
from zhicheng.core.parties.public import mask_address, mask_id_number, mask_name, mask_phone

KIND = "licence_type"
_MASKS = {"name": mask_name, "id_number": mask_id_number, "phone": mask_phone, "address": mask_address}


def list_licence_types() -> list[LicenceType]:
    """The types that the city issues now, by code."""
    return [type_of(pinned.hash) for pinned in list_definitions(KIND)]


def current_type(code: str) -> LicenceType:
    """A type as the installed pack has it.

    Raises:
        LicenceTypeUnknown: it has none with this code.
    """
    try:
        return type_of(current_definition(KIND, code).hash)
    except DefinitionUnknown as error:
        raise LicenceTypeUnknown(type=code) from error


@lru_cache(maxsize=1024)
def type_of(definition: str) -> LicenceType:
    """A type by the hash under which it is pinned."""
    return _read(get_definition(definition))


def masked_fields(licence_type: LicenceType, fields: Mapping[str, str]) -> dict[str, str]:
    """What a QR code or a colleague may see: each field under its mask; hidden ones are left out."""
    shown = {}
    for each in licence_type.fields:
        value = fields.get(each.code, "")
        if value and each.mask != "hidden":
            shown[each.code] = _MASKS[each.mask](value) if each.mask in _MASKS else value
    return shown


def shown_fields(
    licence_type: LicenceType, fields: Mapping[str, str], sources: Mapping[str, Mapping[str, str]]
) -> tuple[ShownField, ...]:
    """Values with their labels and sources, in the order of the type."""
    words = {code: LineSource(**source).words for code, source in sources.items()}  # type: ignore[arg-type]
    return tuple(
        ShownField(each.code, each.label, fields[each.code], words.get(each.code, ""))
        for each in licence_type.fields
        if fields.get(each.code)
    )


def _read(pinned: PinnedDefinition) -> LicenceType:
    body = pinned.body
    return LicenceType(
        code=pinned.code,
        label=pinned.label,
        issuer=body["issuer"],
        subject=body["subject"],
        fields=tuple(LicenceField(**each) for each in body["fields"]),
        definition=pinned.hash,
        years=body["validity"]["years"],
        months=body["validity"]["months"],
        given=body["validity"]["until"] == "given",
        renew_item=body["renew_item"],
        remind_days=tuple(body["remind_days"]),
        suite=body["suite"],
        illustrative=body["illustrative"],
        note=body["note"],
    )

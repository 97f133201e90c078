"""Benefits and groups as the installed pack has them, and as they were when a run was planned."""

from collections.abc import Iterable
from functools import lru_cache

from zhicheng.apps.benefits.errors import BenefitUnknown
from zhicheng.apps.benefits.values import Benefit, Event, Group
from zhicheng.core.packs.public import (
    DefinitionUnknown,
    current_definition,
    current_pack,
    get_definition,
    list_definitions,
)
from zhicheng.core.parties.public import get_unit_tree

BENEFIT_KIND, GROUP_KIND = "benefit", "benefit_group"


def list_benefits(*, audience: str = "") -> list[Benefit]:
    """The benefits of the installed pack, by code; of one audience where given."""
    found = [benefit_of(pinned.hash) for pinned in list_definitions(BENEFIT_KIND)]
    return [benefit for benefit in found if audience in ("", benefit.audience)]


def get_benefit(code: str) -> Benefit:
    """One benefit of the installed pack.

    Raises:
        BenefitUnknown: it has none with this code.
    """
    try:
        return benefit_of(current_definition(BENEFIT_KIND, code).hash)
    except DefinitionUnknown as error:
        raise BenefitUnknown(benefit=code) from error


def list_groups(benefits: Iterable[str]) -> list[Group]:
    """The groups of the installed pack that hold any of these benefits."""
    wanted = set(benefits)
    found = [group_of(pinned.hash) for pinned in list_definitions(GROUP_KIND)]
    return [group for group in found if wanted & set(group.benefits)]


@lru_cache(maxsize=2048)
def benefit_of(definition: str) -> Benefit:
    """A benefit by the hash under which it is pinned."""
    pinned = get_definition(definition)
    body, source = pinned.body, pinned.body["legal_source"]
    return Benefit(
        code=pinned.code,
        label=pinned.label,
        summary=body["summary"],
        department=body["department"],
        audience=body["audience"],
        rule=body["rule"],
        amount=body["amount"],
        period=body["period"],
        per=body["per"],
        pay=body["pay"],
        doorstep=body["doorstep"],
        legal_source=f"{source['title']}{source['clause']}",
        definition=definition,
        event=Event(**body["event"]) if body.get("event") else None,
    )


@lru_cache(maxsize=512)
def group_of(definition: str) -> Group:
    """A group by the hash under which it is pinned."""
    pinned = get_definition(definition)
    body = pinned.body
    return Group(
        pinned.code,
        pinned.label,
        body["choose"],
        body["per"],
        tuple(body["benefits"]),
        definition,
        body.get("apart_days", 0),
    )


def label_of(code: str) -> str:
    """A benefit's label; its code where the pack has it no more."""
    try:
        return get_benefit(code).label
    except BenefitUnknown:
        return code


def department_of(benefit: Benefit) -> str:
    """The code of the city's unit in charge; the fallback unit where nobody has the function any more."""
    pack = current_pack()
    return get_unit_tree().serving(benefit.department, [pack.city_division]) or pack.fallback_unit

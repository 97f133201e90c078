"""Writes of the registry: applications are registered, changed and retired by who looks after services."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from zhicheng.apps.twin.errors.applications import (
    ApplicationChangedMeanwhile,
    ApplicationRetired,
    ApplicationsRefused,
    ApplicationUnknown,
)
from zhicheng.apps.twin.models import TwinApplication
from zhicheng.apps.twin.queries.services_calls import PERMISSION
from zhicheng.apps.twin.values.applications import ApplicationDraft, ApplicationState
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.public import get_account, get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.core.places.public import list_layers
from zhicheng.kit.clock import CHINA
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.ids import uuid7
from zhicheng.kit.texts import clean_text

_LONGEST_NAME, _LONGEST_PURPOSE, _MOST_USERS = 120, 1000, 50_000_000


def register_application(draft: ApplicationDraft, *, actor: Actor, now: datetime) -> UUID:
    """Register an application; the same unit registers a name once.

    Raises:
        ApplicationsRefused: the actor does not look after services.
        FieldErrors: something is missing or makes no sense.
    """
    _check_actor(actor)
    checked = _checked(draft, now)
    number = uuid7(now)
    try:
        with transaction.atomic():
            TwinApplication.objects.create(id=number, registered_at=now, **checked)
            record(Entry(uuid7(now), now, actor.ref, "twin.application_registered", f"twin_application:{number}"))
    except IntegrityError:
        raise FieldErrors({"name": ["这个单位已经登记过同名的应用"]}) from None
    return number


def change_application(number: UUID, draft: ApplicationDraft, version: int, *, actor: Actor, now: datetime) -> None:
    """Change what was registered; `version` is the one that was shown.

    Raises:
        ApplicationsRefused: the actor does not look after services.
        ApplicationUnknown: there is none of that number.
        ApplicationRetired: it is not in use any more.
        ApplicationChangedMeanwhile: somebody else changed it first.
        FieldErrors: something is missing or makes no sense.
    """
    _check_actor(actor)
    checked = _checked(draft, now)
    try:
        with transaction.atomic():
            row = _locked(number, version)
            for name, value in checked.items():
                setattr(row, name, value)
            row.version += 1
            row.save()
            record(Entry(uuid7(now), now, actor.ref, "twin.application_changed", f"twin_application:{number}"))
    except IntegrityError:
        raise FieldErrors({"name": ["这个单位已经登记过同名的应用"]}) from None


def retire_application(number: UUID, reason: str, version: int, *, actor: Actor, now: datetime) -> None:
    """Take an application out of use, with the reason; its file stays. Raises as `change_application`."""
    _check_actor(actor)
    words = clean_text(reason)[:500]
    if not words:
        raise FieldErrors({"reason": ["请写明退役的原因"]})
    with transaction.atomic():
        row = _locked(number, version)
        row.state, row.retire_reason = ApplicationState.RETIRED.value, words
        row.retired_on = now.astimezone(CHINA).date()
        row.version += 1
        row.save()
        record(Entry(uuid7(now), now, actor.ref, "twin.application_retired", f"twin_application:{number}"))


def _check_actor(actor: Actor) -> None:
    if PERMISSION not in actor.permissions:
        raise ApplicationsRefused()


def _locked(number: UUID, version: int) -> TwinApplication:
    row = TwinApplication.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise ApplicationUnknown()
    if row.state == ApplicationState.RETIRED.value:
        raise ApplicationRetired()
    if row.version != version:
        raise ApplicationChangedMeanwhile()
    return row


def _checked(draft: ApplicationDraft, now: datetime) -> dict[str, object]:
    if errors := _faults(draft):
        raise FieldErrors(errors)
    if draft.account is not None:
        get_account(draft.account, now=now)
    return {
        "name": clean_text(draft.name),
        "unit_id": draft.unit,
        "purpose": clean_text(draft.purpose),
        "state": draft.state.value,
        "url": clean_text(draft.url)[:300],
        "contact": clean_text(draft.contact)[:120],
        "users": draft.users,
        "layers": sorted(set(draft.layers)),
        "account_id": draft.account,
        "started_on": draft.started_on,
    }


def _faults(draft: ApplicationDraft) -> dict[str, list[str]]:
    """What is wrong with a draft, by field."""
    unknown = sorted(set(draft.layers) - {layer.code for layer in list_layers()})
    is_address = not draft.url or draft.url.startswith(("https://", "http://", "/"))
    checks = (
        ("name", 0 < len(clean_text(draft.name)) <= _LONGEST_NAME, f"请填写应用名称，不超过 {_LONGEST_NAME} 个字"),
        (
            "purpose",
            0 < len(clean_text(draft.purpose)) <= _LONGEST_PURPOSE,
            f"请写明用途，不超过 {_LONGEST_PURPOSE} 个字",
        ),
        ("unit", draft.unit in get_unit_tree(), "请选择所属单位"),
        ("users", 0 <= draft.users <= _MOST_USERS, "用户数应是不小于 0 的整数"),
        ("layers", not unknown, f"没有这些图层：{'、'.join(unknown)}"),
        ("url", is_address, "网址应以 https:// 开头"),
        ("state", draft.state is not ApplicationState.RETIRED, "退役请用“退役”按钮，并写明原因"),
    )
    return {field: [words] for field, is_right, words in checks if not is_right}

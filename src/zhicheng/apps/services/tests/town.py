"""云溪镇 with its stall services installed whole, and a resident whom the register knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.test import override_settings
from PIL import Image

from zhicheng.apps.services.public import start_application, submit_application
from zhicheng.apps.services.values import Applied, GivenFact, SubmitApplication
from zhicheng.core.forms.public import add_document, get_draft, save_draft
from zhicheng.core.forms.values import Draft, NewDocument, Owner, SaveDraft
from zhicheng.core.packs.public import forget_installed_pack, install_pack
from zhicheng.core.parties.public import create_party, forget_unit_tree, keyring, record_proof
from zhicheng.core.parties.values import Actor, ActorKind, Grant, PersonalFields, system_actor
from zhicheng.kit.ids import uuid7

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 10:00 in China
TINYTOWN = Path(__file__).resolve().parents[5] / "packs" / "tinytown"
ADULT, CHILD = "110101199003078291", "110101201503078298"


def _photo() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (80, 50), "white").save(kept, "PNG")
    return kept.getvalue()


PHOTO = _photo()


@contextmanager
def town_installed(folder: Path) -> Iterator[None]:
    """Folders of its own and the pack."""
    own = {
        "HOME": folder,
        "KEYS_ROOT": folder / "keys",
        "FILES_ROOT": folder / "files",
        "OUTBOUND_ROOT": folder / "outbound",
        "RATE_LIMITS": dict.fromkeys(settings.RATE_LIMITS, 0),
    }
    _forget()
    with override_settings(**own):
        install_pack(TINYTOWN, now=NOW, actor_ref="system:test")
        yield
    _forget()


def _forget() -> None:
    forget_installed_pack()
    forget_unit_tree()


def resident(
    name: str = "王小芳",
    id_number: str = ADULT,
    *,
    phone: str = "13800138000",
    proven: bool = True,
    account: bool = False,
) -> Actor:
    party = create_party(PersonalFields(name=name, id_number=id_number, phone=phone), now=NOW)
    if proven:
        record_proof(party, "window", "window", actor=system_actor("test"), now=NOW)
    account_id = uuid7(NOW) if account else None
    if account:
        login = f"phone:{keyring().digest('phone', phone).hex()}"
        row = {"id": account_id, "login": login, "kind": "resident", "party_id": party, "created_at": NOW}
        apps.get_model("parties", "Account").objects.create(**row)
    return Actor(ActorKind.RESIDENT, account_id, party)


def official(unit: str, *permissions: str) -> Actor:
    grant = Grant("role", unit, frozenset(permissions), subtree=False)
    return Actor(ActorKind.OFFICIAL, account_id=uuid7(NOW), grants=(grant,))


def filled(actor: Actor, kind: str = "item", code: str = "stall.licence", **more: Any) -> Draft:
    """A form filled in, with its photo of the ID card."""
    owner = Owner(party=actor.party_id)
    draft = start_application(kind, code, owner=owner, now=NOW)
    values = {"name": "王小芳", "id_number": ADULT, "stall": "甲 3 号", "goods": "豆花", **more}
    saved = save_draft(SaveDraft(draft.id, draft.version, values), owner=owner, now=NOW)
    add_document(NewDocument(draft.id, "id_card", "身份证.png", PHOTO), owner=owner, now=NOW)
    return get_draft(saved.id, owner=owner, now=NOW)


def submitted(actor: Actor, draft: Draft, *items: str, now: datetime = NOW) -> Applied:
    command = SubmitApplication(draft.id, draft.version, Owner(party=actor.party_id), frozenset(items))
    return submit_application(command, actor=actor, now=now)


def register(**facts: Any) -> dict[str, GivenFact]:
    """What the population register would answer."""
    return {code: GivenFact(code, code, value, "人口库", verified=True) for code, value in facts.items()}

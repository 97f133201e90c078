"""Proofs that an officer takes down at a window: 刘洋 sees 王小芳 and her identity card."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps

from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.errors import IdentityFixed, NotPermitted, TooManyAttempts
from zhicheng.core.parties.models import Account
from zhicheng.core.parties.policy.signin import PROOFS_PER_OFFICER
from zhicheng.core.parties.public import (
    create_party,
    get_identity,
    get_identity_digest,
    is_proven,
    keyring,
    prove_at_window,
)
from zhicheng.core.parties.tests.conftest import NOW, SYSTEM
from zhicheng.core.parties.values import Actor, ActorKind, Grant, PersonalFields
from zhicheng.core.parties.values.identities import WindowProof
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.ids import uuid7

PHONE, OTHER_PHONE = "13800138000", "13800138009"
SEEN = WindowProof(PHONE, " 王小芳 ", "110101 19900307 8291", "id_card", "needs_help", seen=True)
LI = replace(SEEN, name="李慧", id_number="110101198506152399")


@pytest.fixture(autouse=True)
def _home(db, settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def resident(phone: str = PHONE) -> Actor:
    party, account = create_party(PersonalFields(phone=phone), now=NOW), uuid7(NOW)
    login = f"phone:{keyring().digest('phone', phone).hex()}"
    Account.objects.create(id=account, login=login, kind="resident", party_id=party, created_at=NOW)
    return Actor(ActorKind.RESIDENT, account, party)


@pytest.fixture
def liu() -> Actor:
    grant = Grant("window_officer", "YX", frozenset({"parties.prove"}), subtree=False)
    return Actor(ActorKind.OFFICIAL, account_id=uuid7(NOW), grants=(grant,))


class TestProveAtWindow:
    def test_makes_the_number_a_proven_one(self, liu):
        fang = resident()
        assert prove_at_window(SEEN, actor=liu, now=NOW) == fang.party_id
        found = get_identity(fang.party_id)
        assert (found.name, found.provider, found.level_label) == ("王**", "window", "窗口当面核验")
        assert get_identity_digest(fang.party_id) == keyring().digest("id_number", "110101199003078291")

    def test_is_answered_for_in_the_ledger_without_personal_data(self, liu):
        fang = resident()
        prove_at_window(SEEN, actor=liu, now=NOW)
        (entry,) = (each.entry for each in list_entries(limit=50).entries if each.entry.action == "identity.proven")
        assert (entry.actor, entry.subject, entry.at) == (liu.ref, f"party:{fang.party_id}", NOW)
        assert entry.reason == "不会用或者没有智能手机"
        assert (entry.data["document"], entry.data["units"]) == ("id_card", ["YX"])
        assert "王小芳" not in str(entry)
        assert "19900307" not in str(entry)

    def test_lets_others_know_of_it_without_personal_data(self, liu):
        fang, told = resident(), apps.get_model("ledger", "OutboxRow").objects
        prove_at_window(SEEN, actor=liu, now=NOW)
        (event,) = told.filter(type="parties.proven_at_window")
        assert (event.subject, event.data) == (f"party:{fang.party_id}", {})

    def test_ends_the_proof_of_whoever_had_the_number(self, liu):
        before, fang = resident(OTHER_PHONE), resident()
        prove_at_window(replace(SEEN, phone=OTHER_PHONE), actor=liu, now=NOW)
        prove_at_window(SEEN, actor=liu, now=NOW)
        assert (is_proven(before.party_id), is_proven(fang.party_id)) == (False, True)

    def test_makes_nobody_somebody_else(self, liu):
        fang = resident()
        prove_at_window(SEEN, actor=liu, now=NOW)
        with pytest.raises(IdentityFixed):
            prove_at_window(LI, actor=liu, now=NOW)
        assert get_identity(fang.party_id).name == "王**"

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"seen": False}, "seen"),
            ({"document": "library_card"}, "document"),
            ({"reason": ""}, "reason"),
            ({"name": ""}, "name"),
            ({"id_number": "110101199003078292"}, "id_number"),
            ({"phone": "110"}, "phone"),
            ({"phone": OTHER_PHONE}, "phone"),
        ],
    )
    def test_takes_down_nothing_that_was_not_seen_whole(self, liu, changed, field):
        fang = resident()
        with pytest.raises(FieldErrors) as refused:
            prove_at_window(replace(SEEN, **changed), actor=liu, now=NOW)
        assert set(refused.value.fields) == {field}
        assert not is_proven(fang.party_id)

    def test_is_for_officers_who_may(self, liu):
        fang = resident()
        handler = replace(liu, grants=(Grant("handler", "YX", frozenset({"cases.handle"}), subtree=False),))
        for actor in (fang, handler, SYSTEM):
            with pytest.raises(NotPermitted):
                prove_at_window(SEEN, actor=actor, now=NOW)

    def test_has_a_limit_for_one_officer(self, liu):
        resident()
        for _ in range(PROOFS_PER_OFFICER):
            prove_at_window(SEEN, actor=liu, now=NOW)
        with pytest.raises(TooManyAttempts):
            prove_at_window(SEEN, actor=liu, now=NOW)

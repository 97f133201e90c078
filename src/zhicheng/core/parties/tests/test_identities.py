"""Proving who somebody is: by the provider, by the system, and what an unproven number is worth."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.base import ProofOutcome
from zhicheng.core.parties.contrib.http_prover import HttpProver
from zhicheng.core.parties.errors import (
    IdentityFixed,
    IdentityNotMatching,
    IdentityTaken,
    IdentityUnavailable,
    NotPermitted,
    TooManyAttempts,
)
from zhicheng.core.parties.models import Account, Party
from zhicheng.core.parties.public import (
    amend_party,
    create_party,
    erase_party,
    find_parties_by_digest,
    get_identity,
    get_identity_digest,
    identity_differences,
    is_proven,
    list_account_identities,
    prove_identity,
    record_proof,
    release_identity,
    write_demo_proofs,
)
from zhicheng.core.parties.tests.conftest import NOW, SYSTEM
from zhicheng.core.parties.values import ANONYMOUS, Actor, ActorKind, PersonalFields
from zhicheng.core.parties.values.identities import IdentityClaim
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.ids import uuid7

NUMBER, OTHER = "110101199003078291", "110101198506152399"
WANG = IdentityClaim("王小芳", NUMBER)


@pytest.fixture(autouse=True)
def _people(db, settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    write_demo_proofs([("王小芳", NUMBER), ("李慧", OTHER)])


def resident() -> Actor:
    party = create_party(PersonalFields(phone="13800138000"), now=NOW)
    account = uuid7(NOW)
    Account.objects.create(id=account, login=str(account), kind="resident", party_id=party, created_at=NOW)
    return Actor(ActorKind.RESIDENT, account, party)


def prove(actor: Actor, claim: IdentityClaim = WANG, minutes: int = 0) -> None:
    prove_identity(claim, actor=actor, address="10.0.0.1", now=NOW + timedelta(minutes=minutes))


class TestProveIdentity:
    def test_gives_the_party_the_proven_name_and_number(self):
        fang = resident()
        prove(fang, IdentityClaim(" 王小芳 ", "110101 19900307 8291"))
        found = get_identity(fang.party_id)
        assert (found.name, found.id_number) == ("王**", "110***********8291")
        assert (found.provider, found.level, found.proven_at) == ("demo", "demo", NOW)
        assert get_identity_digest(fang.party_id) is not None

    def test_is_in_the_ledger_without_the_number(self):
        fang = resident()
        prove(fang)
        entries = [kept.entry for kept in list_entries(subject=f"party:{fang.party_id}").entries]
        assert [(entry.action, dict(entry.data)) for entry in entries] == [
            ("identity.proven", {"provider": "demo", "level": "demo"})
        ]

    def test_refuses_what_does_not_match_and_says_so_in_the_ledger(self):
        fang = resident()
        for claim in (IdentityClaim("王小芬", NUMBER), IdentityClaim("王小芳", OTHER)):
            with pytest.raises(IdentityNotMatching):
                prove(fang, claim)
        assert not is_proven(fang.party_id)
        actions = [kept.entry.action for kept in list_entries(subject=f"party:{fang.party_id}").entries]
        assert actions == ["identity.refused"] * 2

    def test_says_what_is_missing_or_malformed_before_anybody_is_asked(self):
        with pytest.raises(FieldErrors) as refused:
            prove(resident(), IdentityClaim(" ", ""))
        assert set(refused.value.fields) == {"name", "id_number"}
        with pytest.raises(FieldErrors):
            prove(resident(), IdentityClaim("王小芳", NUMBER[:-1] + "2"))

    def test_is_tried_five_times_in_a_quarter_of_an_hour(self):
        fang, wrong = resident(), IdentityClaim("王小芬", NUMBER)
        for _ in range(5):
            with pytest.raises(IdentityNotMatching):
                prove(fang, wrong)
        with pytest.raises(TooManyAttempts):
            prove(fang)
        with pytest.raises(TooManyAttempts):  # nor from another account, as long as it is about the same number
            prove(resident())
        prove(fang, minutes=16)
        assert is_proven(fang.party_id)

    def test_is_one_account_a_person(self):
        fang, double = resident(), resident()
        prove(fang)
        with pytest.raises(IdentityTaken):
            prove(double)
        assert not is_proven(double.party_id)
        release_identity(actor=fang, now=NOW)
        prove(double)
        assert (is_proven(fang.party_id), is_proven(double.party_id)) == (False, True)

    def test_is_not_for_officials_or_strangers(self):
        official = Actor(ActorKind.OFFICIAL, uuid7(NOW))
        for actor in (ANONYMOUS, official, SYSTEM):
            with pytest.raises(NotPermitted):
                prove(actor)

    def test_does_not_make_somebody_else_of_a_proven_account(self):
        fang = resident()
        prove(fang)
        with pytest.raises(IdentityFixed):
            prove(fang, IdentityClaim("李慧", OTHER))

    def test_proves_nobody_when_the_provider_is_away(self, tmp_path):
        (tmp_path / "demo" / "identity-proofs.json").unlink()
        fang = resident()
        with pytest.raises(IdentityUnavailable):
            prove(fang)
        assert get_identity(fang.party_id) is None

    def test_keeps_no_number_in_the_demonstration_file(self, tmp_path):
        text = (tmp_path / "demo" / "identity-proofs.json").read_text()
        assert [known for known in (NUMBER, "王小芳") if known in text] == []
        assert "演示" in json.loads(text)["note"]


class TestAmendParty:
    def test_refuses_a_number_that_somebody_writes_down_for_themselves(self):
        fang = resident()
        with pytest.raises(IdentityFixed):
            amend_party(fang.party_id, PersonalFields(id_number=NUMBER), actor=fang, now=NOW)

    def test_refuses_another_name_once_it_is_proven(self):
        fang = resident()
        amend_party(fang.party_id, PersonalFields(name="王芳"), actor=fang, now=NOW)
        prove(fang)
        with pytest.raises(IdentityFixed):
            amend_party(fang.party_id, PersonalFields(name="王芳"), actor=fang, now=NOW)
        amend_party(fang.party_id, PersonalFields(name="王小芳", email="fang@example.com"), actor=fang, now=NOW)
        assert is_proven(fang.party_id)

    def test_by_the_system_ends_the_proof_of_what_changed(self):
        fang = resident()
        prove(fang)
        amend_party(fang.party_id, PersonalFields(id_number=OTHER), actor=SYSTEM, now=NOW)
        assert not is_proven(fang.party_id)


class TestRecordProof:
    def test_is_the_systems_alone(self):
        fang = resident()
        with pytest.raises(NotPermitted):
            record_proof(fang.party_id, "window", "window", actor=fang, now=NOW)

    def test_moves_a_person_to_another_account(self):
        old, new = resident(), resident()
        prove(old)
        amend_party(new.party_id, PersonalFields(name="王小芳", id_number=NUMBER), actor=SYSTEM, now=NOW)
        record_proof(new.party_id, "window", "window", actor=SYSTEM, now=NOW)
        assert (is_proven(old.party_id), is_proven(new.party_id)) == (False, True)


class TestUnprovenNumber:
    def test_leads_nowhere(self):
        fang = resident()
        amend_party(fang.party_id, PersonalFields(name="王小芳", id_number=NUMBER), actor=SYSTEM, now=NOW)
        digest = bytes(Party.objects.get(id=fang.party_id).id_number_hash)
        assert get_identity_digest(fang.party_id) is None
        assert find_parties_by_digest(digest[:16]) == []
        assert list_account_identities() == []
        record_proof(fang.party_id, "window", "window", actor=SYSTEM, now=NOW)
        assert get_identity_digest(fang.party_id) == digest
        assert find_parties_by_digest(digest[:16]) == [fang.party_id]
        assert list_account_identities() == [(fang.account_id, fang.party_id, digest)]

    def test_differs_from_everything(self):
        fang = resident()
        assert identity_differences(fang.party_id, {"name": "王小芳"}) == {"name"}
        prove(fang)
        given = {"name": "王 小芳", "id_number": NUMBER}
        assert identity_differences(fang.party_id, given) == frozenset()
        assert identity_differences(fang.party_id, {**given, "id_number": OTHER}) == {"id_number"}

    def test_is_all_that_is_left_of_somebody_erased(self):
        fang = resident()
        prove(fang)
        erase_party(fang.party_id, actor=SYSTEM, reason="到期", now=NOW)
        assert get_identity(fang.party_id) is None
        prove(resident())


class Provider(BaseHTTPRequestHandler):
    """A provider that says what the test wants, and remembers what it was asked."""

    answer: ClassVar[bytes] = b""
    asked: ClassVar[list[Any]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((json.loads(body), self.headers["Authorization"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def provider(settings) -> Iterator[type[Provider]]:
    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Provider.asked = []
    settings.IDENTITY_URL, settings.IDENTITY_KEY = f"http://127.0.0.1:{server.server_port}/prove", "secret"
    yield Provider
    server.shutdown()
    server.server_close()
    thread.join()


class TestHttpProver:
    def test_asks_with_the_key_and_takes_the_level(self, provider):
        provider.answer = b'{"outcome": "proven", "level": "face"}'
        answer = HttpProver().prove(IdentityClaim("王小芳", NUMBER, "t-1"), now=NOW)
        assert (answer.outcome, answer.level) == (ProofOutcome.PROVEN, "face")
        asked = {"name": "王小芳", "id_number": NUMBER, "token": "t-1"}
        assert provider.asked == [(asked, "Bearer secret")]

    @pytest.mark.parametrize(
        "said",
        [b"", b"[]", b"{}", b"<html>", b'{"outcome": "yes"}', b'{"outcome": "proven", "level": "sure"}', b"\xff\xfe"],
    )
    def test_proves_nobody_by_an_answer_it_does_not_understand(self, provider, said):
        provider.answer = said
        assert HttpProver().prove(WANG, now=NOW).outcome is ProofOutcome.NOT_AVAILABLE

    @pytest.mark.parametrize("url", ["", "http://example.com/", "file:///etc/passwd", "http://127.0.0.1:1/"])
    def test_asks_nobody_it_may_not_ask(self, settings, url):
        settings.IDENTITY_URL, settings.IDENTITY_KEY = url, ""
        assert HttpProver().prove(WANG, now=NOW).outcome is ProofOutcome.NOT_AVAILABLE

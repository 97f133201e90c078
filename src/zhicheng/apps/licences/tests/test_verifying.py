"""Checking: genuine, tampered, out of time, shown twice, revoked, suspended; each with an answer of its own."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from zhicheng.apps.licences.crypto import issuer_keys
from zhicheng.apps.licences.errors import LicenceNotFound, LicenceNotInForce
from zhicheng.apps.licences.public import (
    licence_credential,
    present_licence,
    purge_presentations,
    revoke_licence,
    rotate_issuer_key,
    status_list,
    suspend_licence,
    trust_document,
    verify_shown,
)
from zhicheng.apps.licences.tests.town import ID_NUMBER, NOW, SYSTEM, WATER, Row, Seen, hire, issue, resident
from zhicheng.apps.licences.values import Outcome
from zhicheng.engines.credentials.compact import pack, unpack
from zhicheng.engines.credentials.integrity import check_proof
from zhicheng.engines.credentials.statuslist import ENTRIES, is_marked, read_list

pytestmark = pytest.mark.usefixtures("town")
YEAR = timedelta(days=366)


@pytest.fixture
def wang():
    return resident()


@pytest.fixture
def permit(wang):
    return issue(wang)


@pytest.fixture
def zhao():
    return hire("zhao.lei", "supervisor", "YX", "赵磊")


def check(text: str, *, at=NOW, verifier: str = "desk") -> Outcome:
    return verify_shown(text, verifier=verifier, now=at).outcome


class TestCode:
    def test_of_a_licence_in_force_is_valid_and_masked(self, wang, permit):
        found = verify_shown(present_licence(wang, permit.number, now=NOW).text, verifier="desk", now=NOW)
        assert found.outcome is Outcome.VALID
        assert found.label == "居住证"
        shown = {each.label: each.value for each in found.fields}
        assert shown["姓名"] == "王**"
        assert ID_NUMBER not in str(found)
        assert "随女儿居住" not in str(found)

    def test_is_read_from_the_link_too(self, wang, permit):
        text = present_licence(wang, permit.number, now=NOW).text
        assert check(f"https://city.example/verify/#{text}") is Outcome.VALID

    def test_fits_into_a_code_that_a_phone_reads_at_once(self, wang, permit):
        assert len(present_licence(wang, permit.number, now=NOW).text) < 500

    def test_shown_again_at_the_same_desk_is_a_copy(self, wang, permit):
        text = present_licence(wang, permit.number, now=NOW).text
        assert check(text) is Outcome.VALID
        assert check(text) is Outcome.REPLAYED
        assert check(text, verifier="another desk") is Outcome.VALID

    def test_on_a_screenshot_is_out_of_time(self, wang, permit):
        text = present_licence(wang, permit.number, now=NOW).text
        assert check(text, at=NOW + timedelta(minutes=5)) is Outcome.CODE_EXPIRED
        assert not Seen.objects.exists()

    def test_changes_each_time(self, wang, permit):
        first, second = (present_licence(wang, permit.number, now=NOW).text for _ in range(2))
        assert first != second
        assert check(first) is check(second) is Outcome.VALID

    def test_with_another_name_is_refused(self, wang, permit):
        values, signature = unpack(present_licence(wang, permit.number, now=NOW).text)
        values[4]["holder"] = "李**"
        assert check(pack(values, signature)) is Outcome.TAMPERED

    @pytest.mark.parametrize("place", range(1, 9))
    def test_with_any_other_value_changed_is_refused(self, wang, permit, place):
        values, signature = unpack(present_licence(wang, permit.number, now=NOW).text)
        values[place] = {1: "00000000", 4: {}, 5: ["2026-03-02", ""], 6: 7, 8: [0, 1 << 32]}.get(place, "x")
        assert check(pack(values, signature)) in {Outcome.TAMPERED, Outcome.UNKNOWN_ISSUER}

    @pytest.mark.parametrize(
        "text", ["", "hello", "A" * 300, "{", "[]", '{"a": 1}', "{" * 500, "x" * 300_000, pack([1], bytes(64))]
    )
    def test_that_is_none_is_said_to_be_none(self, text):
        assert check(text) is Outcome.MALFORMED

    def test_of_a_licence_that_ended_cannot_be_shown(self, wang, permit, zhao):
        revoke_licence(permit.number, actor=zhao, reason="材料虚假", now=NOW)
        with pytest.raises(LicenceNotInForce):
            present_licence(wang, permit.number, now=NOW)

    def test_is_shown_by_nobody_else(self, permit):
        with pytest.raises(LicenceNotFound):
            present_licence(resident("李强", "13800138001"), permit.number, now=NOW)


class TestCredential:
    def test_of_a_licence_in_force_is_valid(self, wang, permit):
        assert check(json.dumps(licence_credential(wang, permit.number))) is Outcome.VALID

    def test_signed_with_sm2_is_valid_too(self, wang):
        proof = issue(wang, "water_connection", fields=WATER)
        assert check(json.dumps(licence_credential(wang, proof.number))) is Outcome.VALID

    def test_with_a_changed_field_is_refused(self, wang, permit):
        document = licence_credential(wang, permit.number)
        document["credentialSubject"]["licence"]["fields"]["holder"] = "李强"
        assert check(json.dumps(document)) is Outcome.TAMPERED

    def test_of_another_issuer_is_refused(self, wang, permit):
        document = licence_credential(wang, permit.number)
        assert check(json.dumps({**document, "issuer": "https://other.example/"})) is Outcome.UNKNOWN_ISSUER

    def test_past_its_last_day_is_expired(self, wang, permit):
        assert check(json.dumps(licence_credential(wang, permit.number)), at=NOW + YEAR) is Outcome.EXPIRED

    def test_before_its_first_day_is_not_in_force(self, wang):
        later = issue(wang, valid_from=(NOW + timedelta(days=9)).date())
        assert check(json.dumps(licence_credential(wang, later.number))) is Outcome.NOT_YET

    def test_revoked_or_suspended_is_refused(self, wang, permit, zhao):
        text = json.dumps(licence_credential(wang, permit.number))
        suspend_licence(permit.number, actor=zhao, reason="正在核查", now=NOW)
        assert check(text) is Outcome.SUSPENDED
        revoke_licence(permit.number, actor=zhao, reason="材料虚假", now=NOW)
        assert check(text) is Outcome.REVOKED


class TestStatusList:
    def test_marks_revoked_and_suspended_licences_in_their_own_lists(self, wang, zhao):
        gone, held, good = (issue(wang) for _ in range(3))
        revoke_licence(gone.number, actor=zhao, reason="材料虚假", now=NOW)
        suspend_licence(held.number, actor=zhao, reason="正在核查", now=NOW)
        assert marks("revocation", gone, held, good) == [True, False, False]
        assert marks("suspension", gone, held, good) == [False, True, False]
        assert marks("refresh", gone, held, good) == [False, False, False]

    def test_marks_what_was_replaced_as_revoked_and_as_followed_by_a_newer_one(self, wang, permit):
        text = json.dumps(licence_credential(wang, permit.number))
        newer = issue(wang, replaces=permit.number)
        assert marks("revocation", permit, newer) == [True, False]
        assert marks("refresh", permit, newer) == [True, False]
        answer = verify_shown(text, verifier="desk", now=NOW)
        assert (answer.outcome, answer.title) == (Outcome.REPLACED, "已换发新证")

    def test_is_signed_by_the_city(self, permit):
        check_proof(status_list("revocation", 0, now=NOW), issuer_keys().current().public)

    @pytest.mark.parametrize(("purpose", "number"), [("message", 0), ("revocation", 99), ("revocation", -1)])
    def test_there_is_no_other(self, purpose, number):
        with pytest.raises(LicenceNotFound):
            status_list(purpose, number, now=NOW)


class TestKeys:
    def test_that_were_replaced_go_on_verifying(self, wang, permit):
        old = present_licence(wang, permit.number, now=NOW).text
        before = len(trust_document(now=NOW)["keys"])
        rotate_issuer_key(actor=SYSTEM, now=NOW)
        new = present_licence(wang, permit.number, now=NOW).text
        assert unpack(old)[0][1] != unpack(new)[0][1]
        assert check(old) is check(new) is Outcome.VALID
        assert len(trust_document(now=NOW)["keys"]) == before + 1

    def test_that_were_stolen_verify_nothing(self, wang, permit):
        text = present_licence(wang, permit.number, now=NOW).text
        key = unpack(text)[0][1]
        (path,) = [path for path in (settings.KEYS_ROOT / "licences").glob("ed25519-*") if key in path.read_text()]
        before = path.read_text()
        path.write_text(json.dumps({**json.loads(before), "compromised": True}))
        issuer_keys()._checked_s = 0.0
        assert check(text) is Outcome.UNKNOWN_ISSUER
        path.write_text(before)
        issuer_keys()._checked_s = 0.0

    def test_lie_in_files_that_only_we_can_read(self, permit):
        modes = {path.stat().st_mode & 0o777 for path in (settings.KEYS_ROOT / "licences").iterdir()}
        assert modes == {0o600}


class TestPurge:
    def test_forgets_what_can_no_longer_be_valid(self, wang, permit):
        check(present_licence(wang, permit.number, now=NOW).text)
        assert purge_presentations(now=NOW) == 0
        assert purge_presentations(now=NOW + timedelta(minutes=10)) == 1


class TestApi:
    def test_answers_whoever_asks_and_knows_copies_by_device(self, wang, permit):
        text = present_licence(wang, permit.number, now=NOW).text
        first, second = (ask({"credential": text, "verifier": "phone-1"}) for _ in range(2))
        assert first["outcome"] == "valid"
        assert first["fields"][0] == {"code": "holder", "label": "姓名", "value": "王**"}
        assert second["outcome"] == "replayed"
        assert not second["valid"]

    def test_lists_the_types(self):
        found = Client().get("/api/v1/licences/types").json()
        codes = [each["code"] for each in found]
        assert codes == sorted(codes)
        assert {"residence_permit", "stall_licence", "water_connection"} <= set(codes)


def ask(body: dict) -> dict:
    response = Client().post("/api/v1/licences/verify", body, content_type="application/json")
    assert response.status_code == 200, response.content
    return response.json()


def marks(purpose: str, *licences) -> list[bool]:
    encoded = read_list(status_list(purpose, 0, now=NOW), purpose=purpose)
    return [is_marked(encoded, Row.objects.get(number=each.number).status_index % ENTRIES) for each in licences]

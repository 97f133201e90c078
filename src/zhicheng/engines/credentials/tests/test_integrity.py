"""Proofs: the W3C's own vectors where they are at hand, golden values of ours always, and every way to tamper."""

import json
from datetime import UTC, datetime

import pytest

from zhicheng.engines.credentials.canonical import canonical
from zhicheng.engines.credentials.faults import InvalidProof, MalformedCredential
from zhicheng.engines.credentials.integrity import add_proof, check_proof, hash_data
from zhicheng.engines.credentials.keys import Ed25519Signing, Sm2Signing, read_multikey
from zhicheng.engines.credentials.multibase import from_base58
from zhicheng.engines.credentials.tests.vectors import VECTORS, text_of

KEY = Ed25519Signing(bytes(range(32)))
SM2_KEY = Sm2Signing(bytes(range(1, 33)))
AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
DOCUMENT = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": "https://city.example/issuer",
    "credentialSubject": {"name": "陈一", "number": 7, "ratio": 0.5},
}
GOLDEN = "z6717HasWm9Xc7dRk2UUX5aPf13e9oVuSKRJxn4yGMLoFx1MtrxPr3sjXPCGZZVk2jXEAgYWanPmyBQLAbvybR6my"


def signed(key=KEY):
    return add_proof(DOCUMENT, key, method="https://city.example/issuer#1", created=AT)


class TestVectors:
    pytestmark = pytest.mark.skipif(
        not VECTORS.is_dir(), reason="the W3C's vectors are not on this machine (tests only)"
    )

    def test_canonical_forms_and_hashes_are_those_of_the_w3c(self):
        document, options = json.loads(text_of("unsigned.json")), json.loads(text_of("proofConfigJCS.json"))
        key = read_multikey(json.loads(text_of("keyPair.json"))["publicKeyMultibase"])
        assert canonical(document).decode() == text_of("canonDocJCS.txt")
        assert canonical(options).decode() == text_of("proofCanonJCS.txt")
        assert key.digest(canonical(document)).hex() == text_of("docHashJCS.txt")
        assert key.digest(canonical(options)).hex() == text_of("proofHashJCS.txt")
        assert hash_data(document, options, key).hex() == text_of("combinedHashJCS.txt")

    def test_signs_as_the_w3c_does(self):
        options = json.loads(text_of("proofConfigJCS.json"))
        key = Ed25519Signing.from_multikey(json.loads(text_of("keyPair.json"))["privateKeyMultibase"])
        created = datetime.fromisoformat(options["created"])
        made = add_proof(
            json.loads(text_of("unsigned.json")), key, method=options["verificationMethod"], created=created
        )
        assert made == json.loads(text_of("signedJCS.json"))
        assert made["proof"]["proofValue"] == text_of("sigBTC58JCS.txt")
        assert from_base58(made["proof"]["proofValue"]).hex() == text_of("sigHexJCS.txt")

    def test_accepts_what_the_w3c_signed(self):
        key = read_multikey(json.loads(text_of("keyPair.json"))["publicKeyMultibase"])
        document = json.loads(text_of("signedJCS.json"))
        check_proof(document, key)
        with pytest.raises(InvalidProof):
            check_proof({**document, "name": "Another Credential"}, key)


class TestAddProof:
    def test_gives_our_golden_signature(self):
        assert signed()["proof"] == {
            "@context": DOCUMENT["@context"],
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "created": "2026-01-05T08:00:00Z",
            "verificationMethod": "https://city.example/issuer#1",
            "proofPurpose": "assertionMethod",
            "proofValue": GOLDEN,
        }

    def test_signs_nothing_twice(self):
        with pytest.raises(MalformedCredential):
            add_proof(signed(), KEY, method="m", created=AT)


class TestCheckProof:
    @pytest.mark.parametrize("key", [KEY, SM2_KEY], ids=["eddsa", "sm2"])
    def test_accepts_what_was_signed(self, key):
        check_proof(json.loads(json.dumps(signed(key))), key.public)

    @pytest.mark.parametrize("key", [KEY, SM2_KEY], ids=["eddsa", "sm2"])
    def test_refuses_a_changed_character_anywhere(self, key):
        good = signed(key)
        for changed in (
            {**good, "credentialSubject": {**DOCUMENT["credentialSubject"], "name": "陈二"}},
            {**good, "added": True},
            {**good, "proof": {**good["proof"], "created": "2026-01-05T08:00:01Z"}},
        ):
            with pytest.raises(InvalidProof):
                check_proof(changed, key.public)

    def test_takes_no_notice_of_contexts_added_behind_those_that_were_signed(self):
        """As section 3.3.2 of the cryptosuite wants it: who only repeats a credential may add its own context."""
        check_proof({**signed(), "@context": [*DOCUMENT["@context"], "https://other.example/"]}, KEY.public)

    def test_refuses_another_context_than_that_of_the_proof(self):
        good = signed()
        with pytest.raises(InvalidProof):
            check_proof({**good, "@context": ["https://other.example/"]}, KEY.public)

    def test_refuses_another_key_suite_or_purpose(self):
        with pytest.raises(InvalidProof):
            check_proof(signed(), Ed25519Signing(bytes(32)).public)
        with pytest.raises(InvalidProof):
            check_proof(signed(), SM2_KEY.public)
        with pytest.raises(InvalidProof):
            check_proof(signed(), KEY.public, purpose="authentication")

    @pytest.mark.parametrize(
        "proof",
        [
            None,
            [],
            {"type": "Other"},
            {"type": "DataIntegrityProof"},
            {"type": "DataIntegrityProof", "verificationMethod": "m", "created": "yesterday"},
            {"type": "DataIntegrityProof", "verificationMethod": "m", "created": "2026-01-05T08:00:00"},
        ],
    )
    def test_calls_other_proofs_malformed(self, proof):
        with pytest.raises(MalformedCredential):
            check_proof({**DOCUMENT, "proof": proof}, KEY.public)

    @pytest.mark.parametrize("value", ["", "z", "u" + "A" * 86, 7])
    def test_refuses_other_signatures(self, value):
        good = signed()
        with pytest.raises((MalformedCredential, InvalidProof)):
            check_proof({**good, "proof": {**good["proof"], "proofValue": value}}, KEY.public)

"""Ed25519 and SM2 behind one interface, with the published examples."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.credentials import sm2
from zhicheng.engines.credentials.faults import MalformedCredential
from zhicheng.engines.credentials.keys import Ed25519Signing, Sm2Public, Sm2Signing, read_multikey
from zhicheng.engines.credentials.multibase import from_base58, from_base64url, to_base58, to_base64url

# GB/T 32918.5-2017, A.2 (the same figures as GM/T 0003.5-2012): key, nonce, digest and signature of "message digest".
SECRET = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
NONCE = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
DIGEST = "F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640"
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
MESSAGE = b"message digest"


class TestSm2:
    def test_makes_the_digest_and_the_signature_of_the_standard(self):
        assert sm2.public_of(SECRET) == PUBLIC
        assert sm2.message_digest(PUBLIC, MESSAGE).hex().upper() == DIGEST
        assert sm2.sign(SECRET, PUBLIC, MESSAGE, nonce=NONCE) == SIGNATURE

    def test_accepts_the_signature_of_the_standard_and_no_other(self):
        key = Sm2Public(PUBLIC)
        assert key.verify(SIGNATURE, MESSAGE)
        assert not key.verify(SIGNATURE, b"message digesT")
        assert not key.verify(SIGNATURE[:-1] + b"\0", MESSAGE)

    @pytest.mark.parametrize(
        "signature", [b"", bytes(64), b"\xff" * 64, bytes(32) + SIGNATURE[32:], SIGNATURE[:32] + bytes(32)]
    )
    def test_refuses_numbers_out_of_range(self, signature):
        assert not Sm2Public(PUBLIC).verify(signature, MESSAGE)

    def test_signs_alike_each_time(self):
        key = Sm2Signing(SECRET)
        assert key.sign(MESSAGE) == key.sign(MESSAGE)
        assert key.public.verify(key.sign(MESSAGE), MESSAGE)

    def test_reads_a_key_whose_x_begins_with_zero_and_four(self):
        """The constructor of gmssl would strip these."""
        assert PUBLIC.hex().startswith("09")
        assert sm2.expanded(sm2.compressed(PUBLIC)) == PUBLIC

    @pytest.mark.parametrize("raw", [b"", bytes(64), PUBLIC[:-1] + b"\0", b"\xff" * 64])
    def test_refuses_points_off_the_curve(self, raw):
        with pytest.raises(MalformedCredential):
            Sm2Public(raw)

    @pytest.mark.parametrize("secret", [bytes(32), b"\xff" * 32])
    def test_refuses_numbers_that_are_no_key(self, secret):
        with pytest.raises(MalformedCredential):
            Sm2Signing(secret)


class TestMultikey:
    @pytest.mark.parametrize("signing", [Ed25519Signing(bytes(range(32))), Sm2Signing(SECRET)], ids=["ed25519", "sm2"])
    def test_names_a_key_so_that_it_can_be_read_again(self, signing):
        key = read_multikey(signing.public.multikey)
        assert key.cryptosuite == signing.public.cryptosuite
        assert key.verify(signing.sign(b"x"), b"x")

    def test_begins_ed25519_keys_as_everywhere(self):
        assert Ed25519Signing(bytes(32)).public.multikey.startswith("z6Mk")

    @pytest.mark.parametrize(
        "text", ["", "z", "x6Mk", "z0OIl", "z6Mk", to_base58(b"\xe7\x01" + bytes(33)), "z" + "2" * 600]
    )
    def test_refuses_other_texts(self, text):
        with pytest.raises(MalformedCredential):
            read_multikey(text)

    def test_refuses_a_public_key_where_a_private_one_is_wanted(self):
        with pytest.raises(MalformedCredential):
            Ed25519Signing.from_multikey(Ed25519Signing(bytes(32)).public.multikey)


class TestMultibase:
    @given(st.binary(max_size=80))
    @settings(max_examples=50)
    def test_gives_the_bytes_back(self, data):
        assert from_base58(to_base58(data)) == data
        assert from_base64url(to_base64url(data)) == data

    @pytest.mark.parametrize("text", ["A", "AB", "A=", "é", "A+/="])
    def test_refuses_other_forms_of_base64(self, text):
        with pytest.raises(MalformedCredential):
            from_base64url(text)

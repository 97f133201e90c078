"""The shape of credentials, and lists of their status."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.credentials.compact import from_base45, pack, pack45, to_base45, unpack, unpack45
from zhicheng.engines.credentials.credential import CONTEXT, Claims, StatusEntry, read_claims, unsigned
from zhicheng.engines.credentials.faults import MalformedCredential
from zhicheng.engines.credentials.multibase import to_base64url
from zhicheng.engines.credentials.statuslist import (
    ENTRIES,
    StatusList,
    decode,
    encode,
    is_marked,
    read_list,
    unsigned_list,
)

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
LIST = StatusList("https://city.example/status/1", "revocation", "https://city.example/issuer", AT + timedelta(days=1))
CLAIMS = Claims(
    issuer="https://city.example/issuer",
    subject={"name": "陈一"},
    valid_from=AT,
    valid_until=AT + timedelta(days=365),
    id="urn:uuid:00000000-0000-7000-8000-000000000001",
    contexts=["https://city.example/context"],
    types=["Licence"],
    status=[StatusEntry("revocation", LIST.url, 94567)],
)


class TestClaims:
    def test_are_read_as_they_were_written(self):
        assert read_claims(unsigned(CLAIMS)) == CLAIMS

    @pytest.mark.parametrize(
        "change",
        [
            {"@context": ["https://other.example/"]},
            {"@context": [CONTEXT, {"a": "b"}]},
            {"type": ["Licence"]},
            {"issuer": ["a"]},
            {"credentialSubject": []},
            {"credentialSubject": {}},
            {"validFrom": None},
            {"validUntil": "2027-01-05"},
            {"credentialStatus": {"type": "Other"}},
            {"credentialStatus": {"type": "BitstringStatusListEntry", "statusListIndex": "-1"}},
        ],
    )
    def test_of_another_shape_are_refused(self, change):
        with pytest.raises(MalformedCredential):
            read_claims({**unsigned(CLAIMS), **change})

    @pytest.mark.parametrize("document", [None, [], "x", 7])
    def test_are_in_an_object(self, document):
        with pytest.raises(MalformedCredential):
            read_claims(document)


class TestStatusList:
    def test_is_that_of_the_specification_when_empty(self):
        """Bitstring Status List 1.0, example of an encoded list: 16 kB of zeros."""
        assert decode("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA") == bytes(ENTRIES // 8)

    @given(st.sets(st.integers(0, ENTRIES - 1), max_size=50))
    @settings(max_examples=20)
    def test_marks_exactly_the_given(self, marked):
        text = encode(marked)
        bits = decode(text)
        assert {index for index in range(ENTRIES) if bits[index >> 3] & 0x80 >> (index & 7)} == marked

    def test_counts_from_the_left(self):
        assert decode(encode([0]))[0] == 0x80

    def test_is_published_as_a_credential(self):
        document = unsigned_list(LIST, encode([3]), at=AT)
        assert read_claims(document).id == LIST.url
        assert is_marked(read_list(document, purpose="revocation"), 3)
        with pytest.raises(MalformedCredential):
            read_list(document, purpose="suspension")

    @pytest.mark.parametrize("text", ["", "u", "zabc", "uH4sIAAAA", "u" + to_base64url(b"nonsense")])
    def test_refuses_what_is_none(self, text):
        with pytest.raises(MalformedCredential):
            decode(text)

    def test_refuses_a_short_list_and_a_bomb(self):
        with pytest.raises(MalformedCredential):
            decode(encode([], entries=8))
        with pytest.raises(MalformedCredential):
            decode(encode([], entries=8 * 5 * 1024 * 1024))

    @pytest.mark.parametrize("index", [-1, ENTRIES])
    def test_knows_no_index_beyond_its_end(self, index):
        with pytest.raises(MalformedCredential):
            is_marked(encode([]), index)
        with pytest.raises(MalformedCredential):
            encode([index])


class TestCompact:
    def test_gives_values_and_signature_back(self):
        values, signature = [1, "居住证", {"name": "陈*"}], bytes(range(64))
        assert unpack(pack(values, signature)) == (values, signature)
        assert unpack45(pack45(values, signature)) == (values, signature)

    @given(st.binary(max_size=64))
    @settings(max_examples=50)
    def test_base_45_gives_the_bytes_back(self, data):
        assert from_base45(to_base45(data)) == data

    @pytest.mark.parametrize("text", ["A", "a00", ":::", "GGWX"])
    def test_base_45_refuses_what_is_none(self, text):
        with pytest.raises(MalformedCredential):
            from_base45(text)

    @pytest.mark.parametrize("cut", [0, 10, 86, -1])
    def test_refuses_torn_texts(self, cut):
        with pytest.raises(MalformedCredential):
            unpack(pack([1, "居住证"], bytes(64))[:cut])

    def test_refuses_bombs_long_texts_and_other_values(self):
        with pytest.raises(MalformedCredential):
            unpack(pack(["0" * 5_000], bytes(64)))
        with pytest.raises(MalformedCredential):
            unpack("A" * 10_000)
        with pytest.raises(MalformedCredential):
            unpack45("A" * 10_000)
        with pytest.raises(MalformedCredential):
            pack([1], b"short")

import stat
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.core.parties import crypto
from zhicheng.core.parties.crypto import AES_256_GCM, SM4_GCM, Keyring, key_id_of
from zhicheng.core.parties.errors import PersonalDataUnreadable

ROW, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
def ring(tmp_path):
    return Keyring(tmp_path / "ring")


@pytest.fixture(scope="module")
def shared_ring(tmp_path_factory):
    return Keyring(tmp_path_factory.mktemp("ring"))


class TestKeyring:
    @given(text=st.text(max_size=300))
    def test_opens_what_it_sealed(self, shared_ring, text):
        envelope = shared_ring.seal(text, row=ROW, field="name")
        assert shared_ring.open(envelope, row=ROW, field="name") == text
        assert len(text.encode()) < 6 or text.encode() not in envelope

    def test_never_seals_twice_alike(self, ring):
        assert ring.seal("张三", row=ROW, field="name") != ring.seal("张三", row=ROW, field="name")

    @pytest.mark.parametrize(("row", "field"), [(OTHER, "name"), (ROW, "phone")])
    def test_refuses_a_ciphertext_of_another_row_or_field(self, ring, row, field):
        envelope = ring.seal("张三", row=ROW, field="name")
        with pytest.raises(PersonalDataUnreadable):
            ring.open(envelope, row=row, field=field)

    @given(position=st.integers(0, 38))
    def test_notices_every_changed_byte(self, shared_ring, position):
        envelope = bytearray(shared_ring.seal("张三", row=ROW, field="name"))
        envelope[position] ^= 1
        with pytest.raises(PersonalDataUnreadable):
            shared_ring.open(bytes(envelope), row=ROW, field="name")

    def test_uses_sm4_where_it_can_and_aes_where_not(self, ring, tmp_path, monkeypatch):
        assert ring.current().suite is SM4_GCM
        monkeypatch.setattr(crypto, "SUITES", {"sm4-gcm": SM4_GCM, "aes-256-gcm": AES_256_GCM})
        monkeypatch.setattr(crypto.Suite, "is_available", lambda suite: suite is AES_256_GCM)
        other = Keyring(tmp_path / "aes")
        assert other.open(other.seal("李四", row=ROW, field="name"), row=ROW, field="name") == "李四"
        assert other.current().suite is AES_256_GCM

    def test_keeps_keys_from_other_users(self, ring):
        ring.seal("张三", row=ROW, field="name")
        ring.digest("phone", "13800138000")
        modes = {stat.S_IMODE(path.stat().st_mode) for path in ring.root.iterdir()}
        assert modes == {0o600}
        assert stat.S_IMODE(ring.root.stat().st_mode) == 0o700

    def test_agrees_on_one_key_when_several_start_at_once(self, tmp_path):
        rings = [Keyring(tmp_path / "many") for _ in range(8)]
        threads = [threading.Thread(target=one.current) for one in rings]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len({one.current().id for one in rings}) == 1
        assert [path.name for path in (tmp_path / "many").iterdir()] == ["personal-0001.json"]

    def test_says_that_a_key_is_missing(self, ring, tmp_path):
        envelope = Keyring(tmp_path / "elsewhere").seal("张三", row=ROW, field="name")
        with pytest.raises(PersonalDataUnreadable) as caught:
            ring.open(envelope, row=ROW, field="name")
        assert caught.value.data["key_id"] == key_id_of(envelope)

    def test_opens_old_envelopes_after_a_new_key(self, ring):
        old = ring.seal("张三", row=ROW, field="name")
        new_id = ring.add_key().id
        assert key_id_of(ring.seal("张三", row=ROW, field="name")) == new_id != key_id_of(old)
        assert ring.open(old, row=ROW, field="name") == "张三"

    def test_another_process_opens_what_a_new_key_sealed(self, ring):
        other = Keyring(ring.root)
        other.current()
        ring.add_key()
        assert other.open(ring.seal("张三", row=ROW, field="name"), row=ROW, field="name") == "张三"

    def test_retires_a_key_only_when_its_successor_is_old_enough(self, ring):
        first = ring.current().id
        ring.add_key()
        assert ring.retire(datetime.now(UTC) - timedelta(minutes=10)) == []
        assert ring.retire(datetime.now(UTC) + timedelta(minutes=10)) == [first]
        assert [path.name for path in (ring.root / "retired").iterdir()] == [f"personal-0001-{first:08x}.json"]


class TestDigest:
    def test_keeps_equal_values_of_two_fields_apart(self, ring):
        assert ring.digest("phone", "1234") == ring.digest("phone", "1234")
        assert ring.digest("phone", "1234") != ring.digest("id_number", "1234")

    def test_is_another_under_another_key(self, ring, tmp_path):
        assert ring.digest("phone", "1234") != Keyring(tmp_path / "other").digest("phone", "1234")

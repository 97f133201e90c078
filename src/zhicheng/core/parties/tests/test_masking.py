import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.core.parties.policy.masking import (
    MASKS,
    mask_address,
    mask_email,
    mask_id_number,
    mask_name,
    mask_phone,
)

ALLOWED = {"name": 1, "phone": 9, "id_number": 7, "address": 40}


def hidden(text, masked):
    return len(text) - len(masked.replace("*", ""))


class TestMasks:
    @pytest.mark.parametrize(
        ("mask", "text", "shown"),
        [
            (mask_name, "张三", "张*"),
            (mask_name, "阿卜杜拉·买买提", "阿**"),
            (mask_phone, "13812341234", "138****1234"),
            (mask_phone, "+85291234567", "+852****4567"),
            (mask_phone, "12345", "***45"),
            (mask_id_number, "440301199001011234", "440***********1234"),
            (mask_id_number, "4403", "****"),
            (mask_email, "a@qq.com", "***@qq.com"),
            (mask_email, "nonsense", "***"),
            (mask_address, "福田区", "福****"),
            (mask_address, "", ""),
        ],
    )
    def test_show_what_is_agreed(self, mask, text, shown):
        assert mask(text) == shown

    @pytest.mark.parametrize("field", ["name", "phone", "id_number", "address"])
    @given(text=st.text(alphabet=st.characters(blacklist_characters="*"), min_size=1, max_size=120))
    def test_never_show_more_than_allowed(self, field, text):
        masked = MASKS[field](text)
        assert hidden(text, masked) >= min(len(text), len(text) - ALLOWED[field])
        assert "*" in masked
        assert text not in masked

    @given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
    def test_hide_the_middle_of_every_mobile_number(self, phone):
        assert mask_phone(phone) == f"{phone[:3]}****{phone[-4:]}"

    @given(st.emails())
    def test_hide_the_name_in_an_address_of_mail(self, email):
        assert mask_email(email).endswith("***@" + email.rpartition("@")[2])

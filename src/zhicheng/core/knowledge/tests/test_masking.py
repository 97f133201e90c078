import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.core.knowledge.policy import mask_personal


class TestMaskPersonal:
    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            ("请回电13800138000", "请回电〔电话〕"),
            ("请回电 138-0013-8000,谢谢", "请回电 〔电话〕,谢谢"),
            ("请回电138 0013 8000", "请回电〔电话〕"),
            ("请回电+86 13800138000", "请回电〔电话〕"),
            ("座机0755-26543210找王女士", "座机〔电话〕找王女士"),
            ("座机26543210", "座机〔电话〕"),
            ("身份证440301199001011234", "身份证〔身份证号〕"),
            ("身份证44030119900101123x", "身份证〔身份证号〕"),
            ("身份证440301 19900101 1234", "身份证〔身份证号〕"),
            ("卡号6222021234567890123", "卡号〔卡号〕"),
            ("公司91440300MA5EDR7X2Q", "公司〔信用代码〕"),
            ("护照E12345678丢了", "护照〔证件号〕丢了"),
            ("粤B12345违停", "〔车牌〕违停"),
            ("粤BD12345违停", "〔车牌〕违停"),
            ("粤B·12345违停", "〔车牌〕违停"),
            ("粤Z1234港违停", "〔车牌〕违停"),
            ("写信到wang.fang@example.com", "写信到〔邮箱〕"),
            ("加微信:wangfang_88", "加微信:〔账号〕"),
            ("请回电１３８００１３８０００", "请回电〔电话〕"),
        ],
    )
    def test_replaces_what_points_to_a_person(self, said, kept):
        assert mask_personal(said) == kept

    @pytest.mark.parametrize(
        "said",
        [
            "路灯坏了3天",
            "2026年1月5日晚上23:30还在施工",
            "福华路118号5栋1203房",
            "打12345投诉没人管",
            "罚款20000元",
            "M345路公交车",
        ],
    )
    def test_leaves_dates_amounts_and_addresses(self, said):
        assert mask_personal(said) == said

    @given(st.text(max_size=60), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(max_size=60))
    def test_no_mobile_number_survives_between_any_words(self, before, number, after):
        masked = mask_personal(f"{before},{number},{after}")
        assert number not in masked or number in before or number in after

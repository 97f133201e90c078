import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.addresses.levels import LEVELS, AddressPart, normalise_part, normalise_text, standard_levels

WRITTEN = st.text(alphabet="零〇一二两三十百号楼栋幢座单元层室房路深南0123456789０９abAＢ-－ 　", max_size=12)


class TestNormaliseText:
    @given(st.text(max_size=20))
    def test_changes_nothing_the_second_time(self, text):
        assert normalise_text(normalise_text(text)) == normalise_text(text)

    def test_keeps_homophones_apart(self):
        assert normalise_text("新洲路") != normalise_text("新州路")


class TestNormalisePart:
    @given(st.sampled_from([None, *LEVELS]), WRITTEN)
    def test_changes_nothing_the_second_time(self, level, text):
        once = normalise_part(level, text)
        assert normalise_part(level, once) == once

    @pytest.mark.parametrize("written", ["6栋", "6幢", "6号楼", "六栋", "６ 座", "6", "六号楼"])
    def test_writes_a_house_in_one_way(self, written):
        assert normalise_part("building", written) == "6栋"

    @pytest.mark.parametrize(
        ("level", "written", "normal"),
        [
            ("cell", "三单元", "3单元"),
            ("floor", "十二楼", "12层"),
            ("room", "一〇〇二房", "1002室"),
            ("number", "二十三号", "23号"),
            ("number", "669弄", "669弄"),
            ("number", "12号-3", "12号-3"),
            ("room", "A-1203", "A-1203室"),
            ("building", "东配楼", "东配楼"),
            ("road", "文一西路", "文一西路"),
            ("name", "第三人民医院", "第三人民医院"),
        ],
    )
    def test_counts_numbers_and_leaves_names(self, level, written, normal):
        assert normalise_part(level, written) == normal


class TestStandardLevels:
    def test_orders_from_large_to_small_and_drops_what_says_no_place(self):
        parts = [
            AddressPart("poi", "锦绣花园", 0, 4),
            AddressPart("redundant", "－", 4, 5),
            AddressPart("roomno", "８０２", 5, 8),
            AddressPart("district", "福田区", 8, 11),
        ]
        assert list(standard_levels(parts).items()) == [("district", "福田区"), ("name", "锦绣花园"), ("room", "802室")]

    def test_believes_the_first_of_two(self):
        parts = [AddressPart("city", "深圳市", 0, 3), AddressPart("city", "东莞市", 3, 6)]
        assert standard_levels(parts) == {"city": "深圳市"}

"""What lines of text say, by the captions of each document."""

import pytest

from zhicheng.core.forms.policy.documents import READERS
from zhicheng.core.forms.policy.extracting import extract
from zhicheng.core.forms.tests.conftest import WANG_NUMBER

ID_CARD = [
    "姓 名 欧阳娜娜",
    "性别 女 民族 汉",
    "出生 1990 年 3 月 7 日",
    "住址 广东省深圳市福田区福中路",
    "12 号 3 栋 401",
    f"公民身份号码 {WANG_NUMBER}",
]
HOUSEHOLD = ["户主或与户主关系 长子", "姓名 王一", "出生日期 2019年11月2日", f"公民身份证件编号 {WANG_NUMBER}"]
MARRIAGE = [
    "登记日期 2018年5月20日",
    "结婚证字号 J440304-2018-001234",
    "姓名 王小明 性别 男",
    f"身份证件号 {WANG_NUMBER}",
    "姓名 李红 性别 女",
    "身份证件号 440301199205060028",
]
LICENCE = [
    "营业执照",
    "统一社会信用代码 91440300MA5EXAMPX7",
    "名 称 深圳市榕荫餐饮有限公司",
    "法定代表人 王小明",
    "注册资本 人民币伍拾万元",
    "成立日期 2021年04月09日",
    "住 所 深圳市南山区学府路 8 号",
]
DIPLOMA = ["学生王小明 性别男，一九九〇年三月七日生", "在本校法学专业四年制本科学习", "校名：榕江大学"]
BIRTH = ["新生儿姓名 王一 性别 男", "出生时间 2026年10月1日8时", "母亲姓名 李红", "父亲姓名 王小明", "编号 Z440012345"]

CASES = [
    ("id_card", ID_CARD, {"name": "欧阳娜娜", "sex": "女", "birth_date": "1990-03-07", "number": WANG_NUMBER}),
    ("id_card", ID_CARD, {"address": "广东省深圳市福田区福中路12号3栋401"}),
    ("household", HOUSEHOLD, {"name": "王一", "relation": "长子", "birth_date": "2019-11-02"}),
    ("marriage", MARRIAGE, {"name": "王小明", "partner": "李红", "registered_date": "2018-05-20"}),
    ("marriage", MARRIAGE, {"number": WANG_NUMBER, "partner_number": "440301199205060028"}),
    ("business_licence", LICENCE, {"name": "深圳市榕荫餐饮有限公司", "representative": "王小明"}),
    ("business_licence", LICENCE, {"number": "91440300MA5EXAMPX7", "founded_date": "2021-04-09"}),
    ("diploma", DIPLOMA, {"name": "王小明", "level": "本科", "major": "法学", "school": "榕江大学"}),
    ("birth_certificate", BIRTH, {"name": "王一", "mother": "李红", "father": "王小明", "birth_date": "2026-10-01"}),
]


class TestExtract:
    @pytest.mark.parametrize(("reader", "lines", "expected"), CASES)
    def test_reads_behind_the_captions(self, reader, lines, expected):
        found = extract(reader, [(line, 0.9) for line in lines])
        assert {field: found.fields.get(field) for field in expected} == expected
        assert found.confidence == pytest.approx(0.9)

    @pytest.mark.parametrize("reader", READERS)
    def test_takes_nothing_from_other_papers(self, reader):
        found = extract(reader, [("今天天气很好", 0.99), ("会议纪要", 0.99)])
        assert (found.fields, found.confidence) == ({}, 0.0)

    @pytest.mark.parametrize("reader", READERS)
    def test_gives_no_field_that_packs_cannot_name(self, reader):
        lines = [line for _, paper, _ in CASES for line in paper]
        assert extract(reader, [(line, 0.9) for line in lines]).fields.keys() <= READERS[reader]

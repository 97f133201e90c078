import pytest

from zhicheng.engines.dialogue.readers import Around, read_slot
from zhicheng.engines.dialogue.slots import read_schema
from zhicheng.engines.dialogue.tests.fixtures import TODAY, resolve
from zhicheng.engines.dialogue.wording import read_message

AROUND = Around(TODAY, resolve)


def read(rules, said):
    (slot,) = read_schema({"properties": {"field": rules}}).slots
    return read_slot(slot, read_message(said), AROUND)


class TestReadSlot:
    @pytest.mark.parametrize(
        "said",
        [
            "11010519491231002X",
            "110105 19491231 002x",
            "１１０１０５１９４９１２３１００２ｘ",
            "1101.0519.4912.3100.2X",
            "身份证是11010519491231002x啊",
        ],
    )
    def test_reads_an_id_number_however_it_is_typed(self, said):
        rules = {"type": "string", "x-widget": "id_number", "x-label": "身份证号码"}
        assert read(rules, said).value == "11010519491231002X"

    @pytest.mark.parametrize(
        ("said", "fault"),
        [
            ("110105194912310021", "校验码"),
            ("1101051949123100", "16 位"),
            ("990105194912310020", "地区代码"),
            ("110105194913310020", "出生日期"),
        ],
    )
    def test_says_what_is_wrong_with_an_id_number(self, said, fault):
        heard = read({"type": "string", "x-widget": "id_number", "x-label": "身份证号码"}, said)
        assert heard.value is None
        assert fault in heard.fault

    @pytest.mark.parametrize(
        ("said", "phone"),
        [
            ("一三八零零一三八零零零", "13800138000"),
            ("幺三八 零零幺三 八零零零", "13800138000"),
            ("+86 138-0013-8000", "13800138000"),
            ("不是13900139000，是13800138000", "13800138000"),
            ("0755-8812 3456", "0755-88123456"),
            ("香港的，+852 9123 4567", "+85291234567"),
        ],
    )
    def test_reads_a_telephone_number(self, said, phone):
        assert read({"type": "string", "x-widget": "phone", "x-label": "手机号码"}, said).value == phone

    @pytest.mark.parametrize(
        ("said", "cents"),
        [
            ("三千五", 350000),
            ("1.2万", 1200000),
            ("两百块", 20000),
            ("12000元", 1200000),
            ("一万二千三百元整", 1230000),
            ("3,500.50元", 350050),
            ("每个月八千蚊", 800000),
            ("没有收入", 0),
        ],
    )
    def test_reads_an_amount_in_cents(self, said, cents):
        assert read({"type": "integer", "x-widget": "money", "minimum": 0, "x-label": "月收入"}, said).value == cents

    @pytest.mark.parametrize(
        ("said", "months"), [("半年", 6), ("一年半", 18), ("两年零三个月", 27), ("36个月", 36), ("没交过", 0)]
    )
    def test_reads_a_length_of_time_as_months(self, said, months):
        rules = {"type": "integer", "minimum": 0, "x-label": "社会保险累计缴费月数"}
        assert read(rules, said).value == months

    @pytest.mark.parametrize(
        ("label", "said", "answer"),
        [
            ("独居", "是的", True),
            ("独居", "冇", False),
            ("独居", "唔係", False),
            ("要不要领发票", "不用了", False),
            ("有没有独立的专间", "有", True),
            ("行动不便，申请上门评定", "行动不便，要上门", True),
            ("未欠税款、罚款", "没有欠", True),
            ("住房为自有", "随便吧", None),
        ],
    )
    def test_reads_yes_and_no(self, label, said, answer):
        assert read({"type": "boolean", "x-label": label}, said).value is answer

    @pytest.mark.parametrize(
        ("said", "value"),
        [
            ("租的", "rent"),
            ("第二个", "own"),
            ("2", "own"),
            ("不是租的，自己买的", "own"),
            ("zulin", "rent"),
            ("租凭", "rent"),
        ],
    )
    def test_reads_a_choice(self, said, value):
        options = [{"const": "rent", "title": "租赁"}, {"const": "own", "title": "自有"}]
        assert read({"type": "string", "x-label": "住房性质", "oneOf": options}, said).value == value

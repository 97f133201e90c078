"""Where a text names a field of the form: 我叫, 身份证号, 联系人电话, 地址是, 出生, 社保.

A strong mention says that its value follows; a weak one only that the clause speaks of the field.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from zhicheng.engines.dialogue.people import Mention, read_name
from zhicheng.engines.dialogue.slots import Slot

_IS = (
    r"(?:\s*(?:是叫|就叫|是|叫做|叫|为|：|:|=|在|填|写的?|就是|应该是|应该|应为|错了|写错了?|说错了?|不对|有误"
    r"|改成|改为|换成|换|变成|要改)\s*)"
)
_NAME = re.compile(
    rf"(?:姓名|名字|大名|全名|真名){_IS}?|叫做?\s*"
    r"|(?:我是[\u4e00-\u9fff]{0,6}?(?:家长|妈妈|爸爸|母亲|父亲|监护人|房东|老板|业主|负责人|代表|家属)"
    r"|我是|本人是?|本人叫|申请人是?)\s*"
)
_ID = re.compile(
    rf"(?:公民)?身份(?:证件?|证明)?(?:号码?|的号码?)?{_IS}?|证件号码?{_IS}?|身份号码{_IS}?|(?<![A-Za-z])(?:id|ID){_IS}"
)
_PHONE = re.compile(
    rf"(?:联系|手机|移动)?(?:电话|手机|手提)(?:号码?)?{_IS}?|联系方式{_IS}?|(?:手机)?号码?{_IS}(?=1[3-9])"
)
_USCC = re.compile(rf"(?:统一)?(?:社会)?信用代码{_IS}?|税号{_IS}?|营业执照(?:号码?|上的代码|编号){_IS}?")
_EMAIL = re.compile(rf"(?:电子)?(?:邮箱|邮件|email|Email|EMAIL)(?:地址)?{_IS}?")
IDENTITY: Mapping[str, re.Pattern[str]] = {
    "name": _NAME,
    "id_number": _ID,
    "papers": re.compile(rf"{_ID.pattern}|证件号码?{_IS}?|护照号?码?{_IS}?|回乡证{_IS}?"),
    "phone": _PHONE,
    "uscc": _USCC,
    "email": _EMAIL,
}
_ALSO: Sequence[tuple[str, str]] = (
    ("邮寄地址|证书邮寄", "邮寄地址|邮寄到|寄到|邮到|寄去|寄往|收件地址|收货地址|地址"),
    ("联系地址|住址|居住地址|住房地址", "联系地址|通讯地址|居住地址|现住址|住址|地址|现在住在|现在住|住在|家住|家在"),
    (
        "经营地址|经营场所|场所地址|^地址|^地点|坐落|使用地址|报装地址|建设地",
        "经营地址|店址|店开在|店在|开在|位于|地址|坐落",
    ),
    ("单位名称|企业名称", "单位名称|公司名称|企业名称|公司名字|公司名|单位名|公司|单位|企业|全称"),
    ("用人单位|工作单位", "用人单位|工作单位|上班的单位|单位|公司|厂"),
    ("出生日期", "出生日期|出生|生日|生于|生的|出世"),
    ("入职日期", "入职|进厂|进公司|上班"),
    ("离职日期", "离职|辞职|走的|离开"),
    ("死亡日期", "死亡|去世|过世|走的|病逝|逝世"),
    ("结婚登记日期", "结婚登记|登记结婚|结婚|领证"),
    ("失业日期", "失业|没工作"),
    ("毕业日期", "毕业"),
    ("退役日期", "退役|退伍"),
    ("入伍日期", "入伍|参军|当兵"),
    ("来本市居住日期", "来本市|来深圳|来深|到深圳"),
    ("入住日期", "入住|住进"),
    ("入境日期", "入境"),
    ("遗失日期", "遗失|丢失|丢的|丢了|掉的|弄丢|不见"),
    ("预产期", "预产期"),
    ("分娩", "分娩|生产|生的|手术"),
    ("月工资", "月工资|工资|月薪|薪水"),
    ("拖欠工资", "拖欠|欠薪|欠我|欠了|还欠"),
    ("月收入|月收入合计", "月收入|收入"),
    ("月租金|每月租金", "月租|租金|房租"),
    ("注册资本", "注册资本|注册资金"),
    ("成交价", "成交价|成交|总价|房价"),
    ("总费用", "总费用|总共花|一共花|花了"),
    ("账户|银行卡号", "银行卡号|银行卡|银行账号|收款账户|收款账号|卡号|账号|账户"),
    ("开户银行", "开户银行|开户行"),
    ("社会保险|监护人社会保险", "社保|社会保险"),
    ("医疗保险累计", "医保|医疗保险"),
    ("面积", "面积"),
    ("号牌号码", "车牌号|车牌"),
    ("车辆识别代号", "车架号|车辆识别码|VIN|vin"),
    ("驾驶证号码", "驾驶证号|驾照号码|驾照号"),
    ("准驾车型", "准驾车型|车型"),
    ("出生医学证明编号", "出生证编号|出生证号|出生证上的?编号|出生证"),
    ("原户名", "原户主|以前的户主|旧户主|户主"),
    ("店铺名称|字号名称", "店名|店铺名|招牌|字号|店"),
    ("家庭人数|家庭的?人数|共同生活", "家里|家庭|全家|一家"),
    ("毕业院校", "毕业院校|毕业学校|毕业于|学校|母校"),
    ("出生医院", "出生医院|在哪家医院|医院"),
    ("户籍所在地", "户籍所在地|户籍地|户籍在|户口所在地|老家|户口在"),
    ("落户", "落户|入户"),
    ("居住区|现在住在哪里", "居住区|住在|住"),
    ("婚姻状况", "婚姻"),
    ("领取方式|领卡方式", "领取|领证|拿证|领卡"),
    ("最高学历", "学历"),
)
_STRONG = frozenset({"text", "code", "address", "textarea"})
_PREFIX = re.compile(r"^(?:拟|现|原|本次|意向|您的|申请人|选择的|需要的|申请的|正确的|知道该行为的)")
_SUFFIX = re.compile(r"(?:日期|时间|名称|号码|编号|情况|状况|种类|类别|类型|方式|原因|地址|数量|数额|金额)$")


@dataclass(frozen=True)
class Anchor:
    """A strong mention: one of these slots is named here and its value follows at `end`."""

    names: tuple[str, ...]
    start: int
    end: int


def find_anchors(text: str, slots: Sequence[Slot], roles: Sequence[Mention]) -> list[Anchor]:
    """The strong mentions in a text; where two overlap, the one that begins first and is longer counts."""
    found = [*_identity_anchors(text, slots), *_part_anchors(text, slots, roles), *_word_anchors(text, slots)]
    kept: list[Anchor] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif kept[-1].start == one.start and kept[-1].end == one.end:
            kept[-1] = Anchor(tuple(dict.fromkeys((*kept[-1].names, *one.names))), one.start, one.end)
    return kept


@lru_cache(maxsize=4096)
def words_for(label: str) -> tuple[str, ...]:
    """What people call a field with this label, the longest first.

    >>> words_for("现工作单位")[:3]
    ('上班的单位', '现工作单位', '工作单位')
    """
    plain = re.sub(r"[（(].*?[）)]", "", label)
    found = {plain, _PREFIX.sub("", plain), *(part for part in plain.split("或者") if len(part) >= 3)}
    found |= {_SUFFIX.sub("", word) for word in found if not word.endswith("地址")}
    for pattern, words in _ALSO:
        if re.search(pattern, plain):
            found |= set(words.split("|"))
    return tuple(sorted((word for word in found if len(word) >= 2), key=lambda word: (-len(word), word)))


def speaks_of_slot(text: str, slot: Slot) -> tuple[int, int] | None:
    """Where a text names a slot without promising its value; None where it does not."""
    for word in words_for(slot.label):
        place = text.find(word)
        if place >= 0:
            return place, place + len(word)
    return None


def _identity_anchors(text: str, slots: Sequence[Slot]) -> Iterator[Anchor]:
    for kind, pattern in IDENTITY.items():
        names = tuple(slot.name for slot in slots if slot.kind == kind)
        if not names:
            continue
        for one in pattern.finditer(text):
            if kind != "name" or _names_somebody(text, one):
                yield Anchor(names, one.start(), one.end())


def _names_somebody(text: str, one: re.Match[str]) -> bool:
    word = one[0].strip()
    _, score = read_name(text[one.end() :])
    if word in {"叫", "叫做"}:
        return score >= 0.3
    if word.startswith(("我是", "本人", "申请人")):
        return score >= 0.6
    return score > 0 or bool(re.search(r"[：:是错改换]", word))


def _part_anchors(text: str, slots: Sequence[Slot], roles: Sequence[Mention]) -> Iterator[Anchor]:
    """A part with a name right behind it: 联系人李娜, 法人是张伟."""
    for mention in roles:
        names = tuple(slot.name for slot in slots if slot.kind == "name" and slot.role == mention.role and mention.role)
        if not names:
            continue
        link = re.match(rf"的?(?:姓名|名字|大名)?{_IS}?[，,]?\s*", text[mention.end :])
        end = mention.end + (link.end() if link else 0)
        name, score = read_name(text[end:])
        if name and score >= 0.6:
            yield Anchor(names, mention.start, end)


def _word_anchors(text: str, slots: Sequence[Slot]) -> Iterator[Anchor]:
    pairs = ((slot, word) for slot in slots if slot.kind in _STRONG for word in words_for(slot.label))
    for slot, word in pairs:
        for one in re.finditer(re.escape(word), text):
            end = _value_start(text, one.end(), slot, word)
            if end:
                yield Anchor((slot.name,), one.start(), end)


def _value_start(text: str, end: int, slot: Slot, word: str) -> int:
    """Where the value of a named slot begins; 0 where none is promised."""
    rest = text[end:]
    if re.match(r"(?:吗|么|呢|多少|什么|怎么|哪)", rest):
        return 0
    link = re.match(rf"(?:的)?(?:名称|名字|地址|号码|号|编号|全称)?{_IS}", rest)
    if link:
        return end + link.end()
    plain = re.match(r"(?:号码|号|编号|地址)?\s*", rest)
    here = end + (plain.end() if plain else 0)
    if slot.kind == "code" and re.match(r"[A-Za-z0-9]{4,}|[\u4e00-\u9fff][A-Z]", text[here:]):
        return here
    if slot.kind == "address" and word[-1] in "在到住" and re.match(r"[\u4e00-\u9fff]{2,}", rest):
        return end
    if slot.kind == "address" and word.endswith("址") and re.match(r"[\u4e00-\u9fff]{2,}", rest):
        return end
    return 0

"""Who is meant: names of people, and the parts they play in a form (father, contact, buyer …)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SELF = ""
"""The part of whoever fills in the form."""

_SURNAMES_TEXT = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢"
    "莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦"
    "巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺"
    "屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾"
    "鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养"
    "鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公万佟言福肖付闫代覃岳帅区麦"
    "兰芦丛沿涂牟阳位隋植谯亓佘仝冼揭敬晋苟母青粟漆税尧庹谌檀竹展占银矫迟邸呼鄢招练楼雒綦鹿原郇鲜玄智侴宛仉郄撒锁南兴官秘来初栗由亢辜揣但绪盘信冮楚战"
)
_SURNAMES = frozenset(_SURNAMES_TEXT)
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木")
_NAME = re.compile(
    r"[\u4e00-\u9fff]{1,8}(?:·[\u4e00-\u9fff]{1,10})+|[\u4e00-\u9fff]{2,}|[A-Za-z][A-Za-z .'\-]{2,58}[A-Za-z]"
)
_LEAD = re.compile(
    r"^(?:[他她我您你]?的?(?:大名|全名|姓名|名字|本名|人名|名|姓)?(?:是叫|就是|就叫|叫做|叫作|叫|是|为|：|:|=|写|填|登记)+"
    r"|姓名|名字|叫|[：:=，,、\s])+"
)
_CUT = re.compile(
    r"(?:今年|身份证|证件|电话|手机|号码|住在|住|男|女|性别|联系|出生|生日|生于|先生|女士|小姐|老师|同志|的名字|的|是|在|和我|跟我|，|,|。|、|；|;|\s"
    r"|[（(\d]|嘛|啊|呀|呢|哈|哦|啦|吧|两个字|三个字|这个名|，弓长|弓长|木子|耳东|草头|三点水)"
)
_NO_NAME_TEXT = """
没有 不是 自己 本人 就是 不用 不要 不对 确认 可以 好的 对的 是的 同意 知道 这个 那个 没错
谢谢 个人 单位 公司 高中 高级 中级 本科 大专 男孩 女孩 男的 女的 租房 自有 邮寄 跳过 一样
同上 时间 任何 应该 那就 党员 农村 城镇 平时 家里 房东 国内 经常 安排 成功 计划 相关 管理
全部 全都 都要 都办 都没有 后来 向来 通过 连续 简单 师傅 明天 明年 金额 方便 温馨 从来 关于
应当 解释
不知道 不清楚 不记得 不晓得 后面 前面 第二 第一 后者 前者
"""
_NO_NAME = frozenset(_NO_NAME_TEXT.split())


@dataclass(frozen=True)
class Mention:
    """A part that is named at a place of a text."""

    role: str
    start: int
    end: int


# role → (what labels call it, what people call it); longer words first where one holds another
_ROLES: Mapping[str, tuple[str, str]] = {
    "father": (r"父亲", r"孩子(?:他)?爸|爸爸|老爸|父亲|爹|爸"),
    "mother": (r"母亲", r"孩子(?:他)?妈|妈妈|老妈|母亲|娘亲|妈"),
    "spouse": (r"配偶", r"配偶|老公|老婆|丈夫|妻子|爱人|太太|先生(?!的)|另一半|内人|对象"),
    "deceased": (
        r"逝者",
        r"逝者|死者|过世的人|去世的人|走的人|老人家|老人|爷爷|奶奶|外婆|外公|爸爸|妈妈|父亲|母亲|岳父|岳母|老爸|老妈",
    ),
    "elder": (r"老人", r"老人家|老人|爷爷|奶奶|外婆|外公|爸爸|妈妈|父亲|母亲|岳父|岳母|公公|婆婆|老爸|老妈"),
    "child": (
        r"新生儿|宝宝|婴幼儿|学生|儿童|子女",
        r"新生儿|宝宝|宝贝|婴儿|小孩子|小孩|孩子|小朋友|儿子|女儿|闺女|娃娃|娃|学生|儿童|子女|小家伙|细路|bb|BB|仔仔|囡囡",
    ),
    "operator": (r"经营者", r"经营者|店主|老板"),
    "new_legal": (r"新法定代表人", r"新(?:的)?(?:法定代表人|法人代表|法人|负责人)|换成"),
    "legal": (r"法定代表人", r"法定代表人|法人代表|法人|法代|负责人|老板"),
    "finance": (r"财务负责人", r"财务负责人|财务|会计"),
    "safety": (
        r"安全员|安全管理人员|安全负责人",
        r"食品安全管理员|食品安全员|食品安全管理人员|安全负责人|质量负责人|质量安全负责人|安全员",
    ),
    "contact": (r"联系人", r"联系人|经办人|对接人|办事员|经手人|找"),
    "agent": (r"代办人", r"代办人|代办的|帮忙办的|代理人"),
    "guardian": (r"监护人", r"监护人|家长"),
    "buyer": (r"买方", r"买方|买家|买受人|买主|买房的"),
    "seller": (r"卖方", r"卖方|卖家|出卖人|卖主|业主|卖房的"),
    "landlord": (r"出租人", r"出租人|房东|业主|包租公|包租婆"),
    "tenant": (r"承租人", r"承租人|租客|租户|房客"),
    "host": (r"留宿人|房东", r"留宿人|房东|朋友"),
    "supervisor": (r"监事", r"监事"),
    "injured": (r"受伤职工", r"受伤职工|受伤的人|受伤员工|伤者|伤员|受伤的|员工|工人"),
    "relative": (
        r"被投靠人",
        r"被投靠人|投靠的人|投靠的|要投靠的|老公|老婆|丈夫|妻子|爱人|儿子|女儿|爸爸|妈妈|父亲|母亲",
    ),
    "family_member": (
        r"被授权家庭成员|被授权",
        r"被授权(?:的)?(?:家庭成员|家人|人)?|家人|家里人|爸爸|妈妈|父亲|母亲|老公|老婆|儿子|女儿",
    ),
    "other_party": (r"对方当事人", r"对方当事人|对方|被告"),
    "head": (r"户主", r"户主"),
    "responsible": (r"^负责人", r"负责人|管事的|老板"),
    "mortgagee": (r"抵押权人", r"抵押权人|质权人"),
}
_SELF = re.compile(
    r"我是[\u4e00-\u9fff]{0,6}?(?:家长|妈妈|爸爸|母亲|父亲|监护人|家属|代表)|申请人|本人|我自己|自己|我(?!们|的?家人|市|方)"
)
_LABELS = {role: re.compile(label) for role, (label, _) in _ROLES.items()}


def role_of_label(label: str) -> str:
    """The part that a field's label names; nothing for whoever fills in the form.

    >>> role_of_label("母亲的公民身份号码"), role_of_label("身份证号码")
    ('mother', '')
    """
    return next((role for role, pattern in _LABELS.items() if pattern.search(label)), SELF)


def find_roles(text: str, known: frozenset[str]) -> list[Mention]:
    """Where a text names one of the known parts, or the person speaking; the longest word at a place counts.

    >>> [(one.role, one.start) for one in find_roles("我老婆叫李红，我叫王明", frozenset({"spouse"}))]
    [('spouse', 0), ('', 7)]
    """
    found = [
        Mention(role, one.start(), one.end())
        for role in _ROLES
        if role in known
        for one in re.finditer(rf"(?:我们?|咱们?|俺)?(?:的|家)?(?:{_ROLES[role][1]})", text)
    ]
    found += [Mention(SELF, one.start(), one.end()) for one in _SELF.finditer(text)]
    found += _husband_or_wife(text, known)
    kept: list[Mention] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _husband_or_wife(text: str, known: frozenset[str]) -> Iterator[Mention]:
    """In a form about parents, 老公 is the father and 老婆 the mother."""
    if "spouse" in known or not {"father", "mother"} & known:
        return
    for one in re.finditer(r"我?(?:的)?(?:(老公|丈夫|先生)|老婆|妻子|太太)", text):
        yield Mention("father" if one[1] else "mother", one.start(), one.end())


def speaks_of(text: str, role: str) -> bool:
    """Whether a text names a part."""
    return any(one.role == role for one in find_roles(text, frozenset({role})))


def read_name(text: str) -> tuple[str, float]:
    """A person's name at the beginning of a text and how sure it is (0 to 1).

    >>> read_name("我叫王小明今年三十岁"), read_name("阿依古丽·买买提"), read_name("没有")
    (('王小明', 0.9), ('阿依古丽·买买提', 0.9), ('', 0.0))
    """
    plain = _LEAD.sub("", text.strip())
    found = _NAME.match(plain)
    if found is None:
        return "", 0.0
    whole = found[0]
    if whole[0].isascii():
        return " ".join(whole.split()), 0.6
    if "·" in whole:
        return _cut(whole), 0.9
    return _han_name(_cut(whole))


def _han_name(name: str) -> tuple[str, float]:
    name = re.sub(r"(?:女士|先生|小姐)$", "", name)
    if len(name) < 2 or name[:2] in _NO_NAME or name in _NO_NAME:
        return "", 0.0
    compound = name.startswith(_COMPOUND)
    if len(name) > 4:
        return "", 0.0
    if compound and len(name) >= 3:
        return name, 0.9
    if name[0] in _SURNAMES:
        return name, 0.9 if len(name) <= 3 else 0.6
    return name, 0.3


def _cut(name: str) -> str:
    """The name without what is said after it; its first two characters are never cut."""
    end = _CUT.search(name, 2 if len(name) > 2 else len(name))
    return name[: end.start()] if end else name

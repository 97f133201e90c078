"""The value within a free answer: without the label it repeats, courtesies, and how people lead up to it."""

import re

from zhicheng.engines.dialogue.naming import words_for

_CORRECTING = (
    r"(?:写|说|打|填|弄|搞|输|记)?错了?|不对|有误|改成|改为|改到|更正为?|应该是|应该|应为|换成|换为|其实是|其实"
    r"|实际是|纠正|修改为|变成|要改|改一下"
)
CORRECTION = re.compile(_CORRECTING)
"""What says that something before was wrong."""

ORGANISATION = re.compile(r"公司|厂|店|学校|大学|学院|中学|小学|幼儿园|医院|银行|中心|局|所$|超市|集团|事务所|工作室")
ORGANISATION_LABEL = re.compile(r"单位|企业|公司|学校|院校|医院|医疗|机构|门诊|幼儿园|银行|地$|国家|城市|院$|店")
_CHOSEN_NAME = re.compile(r"名称|字号|企业|店|公司|项目")
_LEAD = re.compile(
    rf"^(?:{_CORRECTING}|嗯+|呃|额|哦|那个|就是|就写|就填|好的?(?=[，, ])|是叫|叫做?|是在|是|为|填写?|写|登记|大概|大约"
    r"|差不多|应该|目前|现在|[：:=，,。、\s\-])+"
)
_TAIL = re.compile(r"(?:谢谢您?|麻烦了?|吧|啊|呀|呢|哦|啦|哈|嘛|就行了?|就可以了?|这样|[，,。、！!；;\s])+$")
_LINK = re.compile(r"是叫|就叫|叫做|取名叫?|起名叫?|就是|是|叫|为|：|:")
_PLACE_LINK = re.compile(rf"{_LINK.pattern}|落在|位于|开在|[在到于]")
_STOP = re.compile(
    r"我们|我|咱们|他们|他|她|孩子|小孩|宝宝|我家|家里|现在|目前|以前|之前|原来|原先|那时|当时|打算|准备|想要|想|要|就|也|还|都|的"
    r"|具体|那个|这个|这里|那|上面|上|写着?|全|名字|名称|名"
    r"|快递|邮寄|寄|送|户口|落|搬|转|去|从|住|开|放|存|里|呢|呃|嗯|，|,| "
)
_REACH, _LONGEST_LEAD = 16, 12
_AFTER_ORG = re.compile(
    r"^(.*(?:公司|厂|学校|大学|学院|中学|小学|幼儿园|医院|中心|超市|店))(?:里|那里|那边)?"
    r"(?:做|当|干|打|上班|工作|任|跑|开|读|念|上|看|住).{0,8}$"
)
_ORG_HEAD = re.compile(
    r"^(?:(?:我|他|她|孩子|宝宝|目前|现在|以前|之前|原来|那时|当时|都|我们)*(?:是)?"
    r"(?:在|于|毕业于|就读于|就职于|读的?|上的?|去的?|去|转到|存在|存放在|放在|打算去))"
)
_ORG_TAIL = re.compile(
    r"(?:上班|工作|打工|做事|读书|上学|念书|就读|毕业|生的|出生|住院|看病|看的|治的?|开的|办的|发的|任职|交的|缴的|用"
    r"|那边|这边)"
    r"(?:的|了)?$"
)
_STREET = re.compile(r"[区县镇乡村路街道巷栋幢座楼室苑园厦坊庭湾邨]|小区|花园|大厦|广场|公寓|\d号")
_ADDRESS_HEAD = re.compile(
    r"^(?:(?:我们?|家|他|她|孩子|公司|厂|店|现在|目前|平时|就|都|也|是|还是|快递|户口|落|寄|邮|送|住|住址|地址|位于|在|到|于|去|租"
    r"|开|搬|的|设|给)+(?=[^在到于]))?(?:在|到|于)?"
)


def bare(text: str) -> str:
    """An answer without what people say around it.

    >>> bare("嗯，就是腾讯公司吧"), bare("改成：福田区")
    ('腾讯公司', '福田区')
    """
    return _TAIL.sub("", _LEAD.sub("", text.strip())).strip()


def own_words(label: str, text: str, *, place: bool = False) -> str:
    """An answer without the label it repeats or the words that lead up to it; with `place`, 在 and 到 lead too.

    >>> own_words("号牌号码", "车牌号粤BD56789"), own_words("原户名", "以前户主是黄少天")
    ('粤BD56789', '黄少天')
    """
    plain = bare(text)
    words = words_for(label)
    cut = 0
    for found in (_PLACE_LINK if place else _LINK).finditer(plain[:_REACH]):
        if found.start() > 0 and _leads_up(plain[cut : found.start()], label, words):
            cut = found.end()
    plain = bare(plain[cut:]) if cut and len(plain) > cut + 1 else plain
    for word in words:
        rest = re.sub(r"^(?:号码|编号|号)?", "", plain.removeprefix(word))
        if plain.startswith(word) and re.match(r"[A-Za-z0-9（(]|[\u4e00-\u9fff]{1,4}[A-Z0-9（(]", rest):
            return rest
    return plain


def organisation(label: str, text: str) -> str:
    """The name of an organisation or place: 在腾讯上班 → 腾讯.

    >>> organisation("工作单位", "我在深圳市霓裳服饰有限公司做裁缝"), organisation("毕业院校", "毕业于中山大学")
    ('深圳市霓裳服饰有限公司', '中山大学')
    """
    said = own_words(label, text, place=True)
    said = _ORG_TAIL.sub("", _ORG_HEAD.sub("", said, count=1)).strip()
    return _AFTER_ORG.sub(r"\1", said)


def free_text(label: str, text: str) -> str:
    """Any other short text: 我送外卖的 → 送外卖的; what is the person's own to name stays as it is."""
    said = own_words(label, text)
    if _CHOSEN_NAME.search(label):
        return said
    return re.sub(r"^(?:我们|咱们|我|本人)(?=[^们家的]{2,})", "", said)


def address(label: str, text: str) -> str:
    """An address: 快递到南山区… → 南山区….

    >>> address("邮寄地址", "快递到南山区南海大道2008号"), address("联系地址", "我住在福田区景田路8号吧")
    ('南山区南海大道2008号', '福田区景田路8号')
    """
    said = own_words(label, text, place=True)
    said = _ADDRESS_HEAD.sub("", said, count=1).strip()
    return re.sub(r"(?<=[室房号楼栋\d])(?:这里|那里|住)$", "", said)


def looks_like_address(text: str) -> bool:
    """Whether a text has at least two words of an address, or one beside a number."""
    plain = re.sub(r"月\s*\d+\s*[日号]", "", text)
    words = _STREET.findall(plain)
    return len(words) >= 2 or (len(words) == 1 and any(map(str.isdigit, plain)))


def has_address_word(text: str) -> bool:
    """Whether a text has a word of an address, and is not a day."""
    plain = re.sub(r"月\s*[\d一二三四五六七八九十]+\s*[日号]", "", text)
    return _STREET.search(plain) is not None or re.search(r"[\d一二三四五六七八九十][层号房]|单元", plain) is not None


def _leads_up(lead: str, label: str, words: tuple[str, ...]) -> bool:
    """Whether the words before 是, 叫, 在 only name the field or say nothing."""
    rest = lead
    for word in words:
        rest = rest.replace(word, "")
    rest = "".join(character for character in _STOP.sub("", rest) if character not in label)
    return len(rest) <= 1 and len(lead) <= _LONGEST_LEAD

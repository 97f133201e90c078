"""Everyday words as offices write them, so that answers and labels can be compared: 社保 → 社会保险."""

import re

_PLAIN_WORDS = (
    (re.compile(r"深户|深圳户口|深圳户籍"), "本市户籍"),
    (re.compile(r"跟着?(?:[他她]|孩子)?(?=妈|爸|父|母)"), "随"),
    (re.compile(r"网上|线上"), "网络"),
    (re.compile(r"社保卡"), "社会保障卡"),
    (re.compile(r"社保"), "社会保险"),
    (re.compile(r"(?<!生育)医保"), "医疗保险"),
    (re.compile(r"(?<!住房)公积金"), "住房公积金"),
    (re.compile(r"房贷"), "住房贷款"),
    (re.compile(r"妈妈|老妈|妈咪|妈"), "母亲"),
    (re.compile(r"爸爸|老爸|爸"), "父亲"),
    (re.compile(r"老公|老婆|丈夫|妻子|爱人|太太"), "配偶"),
    (re.compile(r"儿子|女儿|小孩|孩子|娃"), "子女"),
    (re.compile(r"煤气|天然气"), "燃气"),
    (re.compile(r"弄丢了?|丢失|丢了|丢|掉了|不见了?|找不到|被偷"), "遗失"),
    (re.compile(r"坏了|烂了|破了|坏掉"), "损坏"),
    (re.compile(r"过期|期满|到期"), "到期"),
    (re.compile(r"快递|(?<!邮)寄"), "邮寄"),
    (re.compile(r"租的|租房|租来|出租屋"), "租赁"),
    (re.compile(r"(?<!本市)户口|本市户籍"), "户籍"),
    (re.compile(r"(?<!公共)公租房"), "公共租赁住房"),
    (re.compile(r"保租房"), "保障性租赁住房"),
    (re.compile(r"低保(?!边缘)"), "最低生活保障"),
    (re.compile(r"小饭桌|饭店|餐馆|餐厅"), "餐饮"),
    (re.compile(r"养老院|敬老院"), "养老机构"),
    (re.compile(r"医院"), "医疗机构"),
    (re.compile(r"离婚|离了"), "离异"),
    (re.compile(r"(?<![没未])(?<!没有)结[了的过]?婚"), "已婚"),
)


def in_plain_words(text: str) -> str:
    """A text with everyday words replaced.

    >>> in_plain_words("房贷和社保")
    '住房贷款和社会保险'
    """
    for pattern, word in _PLAIN_WORDS:
        text = pattern.sub(word, text)
    return text

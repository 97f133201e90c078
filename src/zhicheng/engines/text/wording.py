"""Cantonese wording as Mandarin, so that what people say finds what offices write.

Only what changes nothing else: a single character is replaced where Mandarin does not use it, a word where it cannot be
part of another one. The text is simplified already.
"""

import re

_PAIRS_TEXT = """
点样 怎么样|点先 怎么|点算 怎么办|点办 怎么办|点搞 怎么办|点解 为什么|点知 怎么知道|点至 怎么才|做乜 为什么
边度 哪里|边处 哪里|边个 谁|边间 哪间|边种 哪种|边几 哪几|几耐 多久|几时 什么时候|几多 多少
有冇 有没有|系咪 是不是|系唔系 是不是|得唔得 可不可以|可唔可以 可不可以|使唔使 要不要|用唔用 用不用|洗唔洗 要不要
唔使 不用|唔洗 不用|唔该 请问|唔见 丢失|唔识 不会|唔知 不知道|唔得 不行|唔系 不是|唔好 不要|冇得 不能|冇咗 没了
乜嘢 什么|乜野 什么|咩嘢 什么|咩野 什么|而家 现在|依家 现在|宜家 现在|听日 明天|寻日 昨天|琴日 昨天|今日 今天
返工 上班|收工 下班|搵工 找工作|揾工 找工作|人工 工资|出粮 发工资|炒鱿 辞退|屋企 家里|屋邨 小区|阿爷 爷爷|阿嫲 奶奶
阿婆 外婆|老豆 父亲|老窦 父亲|老母 母亲|细路 小孩|细佬 弟弟|细蚊仔 小孩|小朋友 小孩|仔女 子女|个仔 儿子|个女 女儿
老公 丈夫|老婆 妻子|大肚 怀孕|有咗 怀孕|生仔 生孩子|睇病 看病|睇医生 看医生|睇牙 看牙|搞掂 办好|搞定 办好|攞返 取回
攞钱 领钱|俾钱 付钱|畀钱 付钱|交钱 交费|买楼 买房|租屋 租房|供楼 还房贷|揸车 开车|车牌 车牌|泊车 停车|抄牌 罚款
好耐 很久|几钱 多少钱|平啲 便宜|贵啲 贵|多啲 多些|快啲 快些|有啲 有些|呢啲 这些|嗰啲 那些|呢个 这个|嗰个 那个
呢度 这里|嗰度 那里|咁样 这样|噉样 这样|点嚟 怎么来|过嚟 过来|返嚟 回来|返去 回去|一齐 一起|大陆 内地
"""
_CHARACTERS = str.maketrans(
    "嘅喺冇唔咗嚟佢哋啲乜咩嗰攞俾畀睇搵揾嘢攰噉咁係睏諗", "的在没不了来他们些什么那领给给看找找东累这这是困想"
)
_PAIRS = dict(pair.split(" ") for line in _PAIRS_TEXT.split("\n") for pair in line.split("|") if pair)
_WORDS = re.compile("|".join(sorted(map(re.escape, _PAIRS), key=len, reverse=True)))
_SPOKEN = re.compile(
    r"[嘅喺冇唔咗嚟佢哋啲乜咩嗰攞俾畀睇搵揾嘢攰噉咁]|点样|边度|边个|几耐|几时|系咪|点办|点搞|屋企|返工"
)


def to_mandarin(text: str) -> str:
    """A question in written Cantonese in Mandarin words; a text without Cantonese stays as it is.

    >>> to_mandarin("点样攞居住证，要去边度")
    '怎么样领居住证，要去哪里'
    >>> to_mandarin("系统提示人工审核中")
    '系统提示人工审核中'
    """
    if not _SPOKEN.search(text):
        return text
    return _WORDS.sub(lambda found: _PAIRS[found[0]], text).translate(_CHARACTERS)

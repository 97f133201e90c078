"""Yes or no, to a question that somebody was asked or by the way in a sentence."""

import re
from itertools import pairwise

from zhicheng.engines.dialogue.plain_words import in_plain_words

_PARTICLES = r"[\s，,。.！!~、啊呀呢吧哦嗯啦嘛的了哈喔呐額额]*"
_NO = re.compile(
    r"不是|不对|没有|没得|没|不用|不要|不需要|不必|不想|不办|不选|不带|不做|不设|不开|不会|不打算|不存在|不属于|不符合|不同意|不愿意"
    r"|不接受|不参加|不了|不行|不可以|不能|未曾|还未|未|无需|无|免了|否|算了|并非"
    r"|(?<![不得])不$|^不[，,。！ ]|^不$|\bno\b|\bn\b|^false$|(?<![^是为])0$"
)
_YES = re.compile(
    r"是的|是啊|是呀|就是|对的|对啊|对呀|没错|没问题|有的|要的|好的|好啊|好呀|可以|行的|需要|同意|确认|确定|承诺|保证|愿意|知悉|知道"
    r"|接受|当然|肯定|已经|办好|通过|属于|符合|选择|选|嗯+|恩|唔|ok|yes|\by\b|true|中的|必须的|没毛病|没意见"
    r"|一起|可|是|对|有|要|好|行|得|系|成|1"
)
_SURE_YES = re.compile(r"没错|没问题|没毛病|没意见|^不错|无异议|少不了|不反对|那可不|怎么不|没有问题|没有异议|不会有假")
_LABEL_NO = re.compile(r"[不未无没](?:有)?")
_QUESTION = re.compile(
    r"是否|有没有|要不要|做不做|是不是|会不会|能不能|需不需要|现在"
    r"|您是不是|近期|（[^）]*）|承诺|知悉|确认|已经|已|[，、。 的]|或者?"
)
_INCLINED = re.compile(r"也|都|会|肯定|当然|想|愿|希望|打算|准备|做|买|由|目前有|现在有")
_NEGATIVE = re.compile(r"^(?:承诺)?(?:没有|未|无)|(?:没有|未)(?:发生)?变化")


def read_answer(text: str, label: str) -> tuple[bool | None, float]:
    """Yes, no or neither as an answer to a question with this label, and how sure (0 to 1).

    >>> read_answer("不用", "要不要领发票"), read_answer("對呀", "独居")[0], read_answer("没错", "独居")
    ((False, 0.9), None, (True, 0.9))
    >>> read_answer("没有", "没有法律禁止从业的犯罪记录"), read_answer("行动不便，要上门", "行动不便，申请上门评定")[0]
    ((True, 0.9), True)
    """
    plain = re.sub(
        r"^(?:呃|额|那个|就|我们|我|这个|应该|目前|现在|暂时)+", "", _telling_clause(text.strip().lower(), label)
    )
    if not plain:
        return None, 0.0
    if _SURE_YES.search(plain):
        return True, 0.9
    if _NEGATIVE.search(label):
        return _of_negative(plain)
    rest, echoed = _without_echo(plain, label)
    if _NO.search(rest):
        return False, 0.9
    said = re.sub(_PARTICLES + "$", "", plain)
    echoed = echoed or (len(said) >= 2 and said in label)
    if re.match(_PARTICLES + "(?:" + _YES.pattern + ")", rest) and _is_short(rest, label):
        return True, 0.9
    if echoed or share(plain, label) >= 0.5:
        return True, 0.7
    leans = (
        _INCLINED.match(plain) or re.search(r"[了过]", plain) or share(in_plain_words(plain), in_plain_words(label)) > 0
    )
    return (True, 0.45) if leans and len(plain) <= 14 else (None, 0.0)


def _telling_clause(text: str, label: str) -> str:
    """The clause that answers: the first where it says yes or no and nothing else, or the one nearest to the label."""
    clauses = [clause for clause in re.split(r"[，,。；;！!]", text) if clause.strip()]
    if len(clauses) < 2 or is_yes(clauses[0]) or is_no(clauses[0]):
        return text
    best = max(clauses, key=lambda clause: share(clause, label))
    return best if share(best, label) > 0 else text


def read_statement(text: str, label: str) -> bool | None:
    """Yes or no where a sentence speaks by itself of what a label asks; None where it does not clearly.

    >>> read_statement("我没有犯罪记录", "有没有刑事犯罪记录"), read_statement("我想做外卖", "有没有刑事犯罪记录")
    (False, None)
    """
    if share(text, label) < 0.6 or "?" in text or "？" in text or re.search(r"吗|是不是|会不会", text):
        return None
    if _NEGATIVE.search(label):
        return True if _LABEL_NO.search(text) else None
    rest, _ = _without_echo(text, label)
    return not _NO.search(rest)


def share(text: str, label: str) -> float:
    """How much of what a label speaks of a text names: 0 to 1 of its pairs of characters.

    >>> share("我们有犯罪记录吗", "有没有刑事犯罪记录")
    0.6
    """
    parts = _QUESTION.sub(" ", label).split()
    pairs = [one + two for part in parts for one, two in pairwise(part)] or parts
    return round(sum(pair in text for pair in pairs) / len(pairs), 2) if pairs else 0.0


def is_yes(text: str) -> bool:
    """Whether a short message says yes and nothing else.

    >>> is_yes("确认提交"), is_yes("不对"), is_yes("对了我电话换了")
    (True, False, False)
    """
    plain = re.sub(
        r"(?:麻烦|请|帮我|那就|就这样|都|没问题|可以)*(?:确认|提交|递交)(?:提交|吧|无误)*|谢谢您?|你",
        "是",
        text.strip().lower(),
    )
    if _NO.search(plain) and not _SURE_YES.search(plain):
        return False
    said = f"{_YES.pattern}|{_SURE_YES.pattern}|谢谢|交吧|交|发吧|办吧|就这样|全部|都|看过|信息|内容|以上"
    pattern = f"(?:{_PARTICLES}(?:{said}))+{_PARTICLES}"
    return re.fullmatch(pattern, plain) is not None


def is_no(text: str) -> bool:
    """Whether a short message says no, nothing, none, or no more.

    >>> is_no("没有了"), is_no("不用了谢谢"), is_no("我没有房子住在福田区")
    (True, True, False)
    """
    plain = re.sub(r"[\s，,。.！!]|谢谢您?|啊|了|呀|呢|的|哦|暂时|目前|这个|我|其他|别的|再", "", text.lower())
    words = r"没有|没|不用|不要|不需要|无|否|不是|不|没别|就这些|就这么多|就这样|就.{0,3}个|够|完|不填|不加|no|none|齐"
    return re.fullmatch(f"(?:{words})+", plain) is not None


def _of_negative(plain: str) -> tuple[bool | None, float]:
    """The answer to a label that denies something (没有…, 未…): 没有 and 是的 both agree."""
    if re.match(r"不是|不对|不同意|不承诺|不确认|不能", plain):
        return False, 0.9
    if _LABEL_NO.search(plain):
        return True, 0.9
    if re.match(r"(?:有|欠|变|改)", plain) and not re.match(r"有效", plain):
        return False, 0.9
    if re.match(_PARTICLES + "(?:" + _YES.pattern + ")", plain):
        return True, 0.9
    return None, 0.0


def _without_echo(plain: str, label: str) -> tuple[str, bool]:
    """The text without the label's own words that hold a 不 or 没: they deny nothing."""
    question = re.sub(r"有没有|要不要|做不做|是不是", "", label)
    echoed = False
    for found in _LABEL_NO.finditer(question):
        starts = range(max(0, found.start() - 3), found.start() + 1)
        pairs = ((start, end) for start in starts for end in range(len(question), found.end(), -1))
        for start, end in pairs:
            if end - start >= 2 and question[start:end] in plain:
                plain, echoed = plain.replace(question[start:end], "是"), True
    return plain, echoed


def _is_short(rest: str, label: str) -> bool:
    """Whether a yes says no more than yes, or goes on about what was asked."""
    said = re.sub(_PARTICLES + "(?:" + _YES.pattern + ")", "", rest, count=1)
    said = re.sub(_PARTICLES, "", said)
    return len(said) <= 6 or share(said, label) > 0 or any(character in label for character in said)

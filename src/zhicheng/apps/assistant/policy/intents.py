"""What a message wants, by rules over its words; a question stays a question in doubt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhicheng.apps.assistant.policy.plain import plain
from zhicheng.apps.assistant.values import SmallTalk

ASK, APPLY, FILL, PROGRESS, COMPLAIN = "ask", "apply", "fill", "progress", "complain"
ENTITLEMENTS, EXPIRING, PERSON, THANKS, TALK = "entitlements", "expiring", "person", "thanks", "talk"
EXPLAIN = "explain"

_BARE = 6  # characters
_NUMBER = re.compile(r"(?<![A-Z0-9])[A-Z]{1,8}[0-9]{6}[0-9A-Z]{7,10}(?![A-Z0-9])", re.IGNORECASE)
_CODE = re.compile(
    r"(?:查询码|密码|code)\s*(?:是|为|[:：])?\s*([0-9A-Za-z]{4}[ -]?[0-9A-Za-z]{4})(?![0-9A-Za-z])", re.I
)
_CODE_ALONE = re.compile(r"(?<![0-9A-Za-z])([0-9A-HJKMNP-TV-Z]{8})(?![0-9A-Za-z])", re.IGNORECASE)
_ASKING = re.compile(
    r"怎么|怎样|如何|什么|哪|多久|多少|几[天个岁年次号]|吗|呢$|能不能|可不可以|是否|要不要|有没有|条件|谁|为何|为什么|\?|？"
    r"|咋|啥|干嘛|还是|[会行用该是好]不[会行用该是好]|[不没嘛][。！!]?$"
)
_PERSON = re.compile(
    r"转(?:接)?(?:到)?人工|(?:找|要|叫|换|接|请|想跟|想和|想找)(?:个|一个|一下|一位|到)?(?:人工|真人|活人|客服|工作人员|接线员)"
    r"|^(?:人工|真人|客服)(?:服务|客服|坐席)?$|不要机器人|别用机器人|跟真人"
)
_THANKS = re.compile(
    r"^(?:好的?|嗯|行|ok)?[，,]?(?:非常|太|十分)?(?:谢谢|多谢|感谢|谢啦|thanks?|thankyou|3q)[你您啦了哦]*$"
)
_OWN = re.compile(
    r"我的|我(?:家|们)?(?:申请|办|交|提交|反映|投诉|报)|我.{0,8}(?:件|单|诉求|申请)|上次|前[几两]天|上周|昨天"
)
_PROGRESS = re.compile(
    r"(?:办|审|批|走|处理|受理|进行|弄)(?:理|核|到)?(?:到)?(?:哪|什么(?:程度|地步|阶段))|进度|进展(?:如何|怎么样)?|办好了?(?:没|吗)"
    r"|批(?:下来)?了?(?:没|吗)|下来了?(?:没|吗)|处理(?:得)?(?:怎么样|好了?没)|有(?:没有)?(?:结果|消息|回复|答复)|什么时候(?:能|可以)?(?:办好|下来|办完|拿到)"
)
_HOW_PROGRESS = re.compile(r"(?:怎么|如何|哪里|在哪|去哪|怎样).{0,6}(?:查|看)|(?:查|看).{0,6}(?:怎么|在哪|哪里)")
_COMPLAIN = re.compile(r"投诉|举报|反映一?下?|曝光|我要反映|提个?意见|报修")
_HOW_COMPLAIN = re.compile(
    r"(?:怎么|如何|哪里|去哪|在哪|怎样|向谁|找谁|多久|电话|渠道|材料).{0,10}(?:投诉|举报|反映)|(?:投诉|举报|反映).{0,6}(?:怎么|如何|哪|谁|电话|多久|流程|渠道)"
)
_WANTS_COMPLAINT = re.compile(r"(?:要|想|来)(?:投诉|举报|反映|报修|提)|^(?:投诉|举报|反映|报修)")
_ASKS_ABOUT_IT = re.compile(r"(?:怎么办|咋办|干嘛|什么|啥|谁|不|没)$")
_FILL = re.compile(
    r"边聊边办|帮我(?:填|办|补办|补领|补|换|续|申请|申领|申报|预约|报|登记|注销)|替我(?:填|办|申请)|给我(?:填|办)|开始(?:办理|申请|填)|(?:直接|现在就?|马上)(?:办|申请|填)|填(?:一下)?(?:申请)?表"
)
_APPLY = re.compile(
    r"^(?:你好|您好)?[，,]?(?:我|俺)?(?:要|想|想要|需要|打算|准备)(?:去|来)?(?:办|申请|申领|领|补办|换|预约|报名|登记|注销|开)"
)
_ENTITLED = re.compile(
    r"(?:我|我家|我们|我妈|我爸|本人).{0,12}(?:能|可以|可|有资格|符合|应该|够).{0,6}(?:领|拿|享受|申请|得|有).{0,6}(?:什么|哪些|多少)?.{0,4}(?:补贴|补助|津贴|福利|待遇|优惠|钱)"
    r"|(?:我|我家|本人).{0,6}有(?:什么|哪些).{0,6}(?:补贴|补助|津贴|福利|待遇)|(?:查|看)(?:一下|看)?我(?:能|可以)领"
)
_EXPIRING = re.compile(
    r"我(?:的)?(?:.{0,8})(?:证|照|证照|证件|执照|许可).{0,8}(?:到期|过期|快到|有效期)|(?:哪些|什么|有没有).{0,4}(?:证|照|证照|证件).{0,4}(?:要|快|将)?(?:到期|过期)"
)
_EXPLAIN = re.compile(
    r"大白话|小龙说政事|让小龙|(?:请)?小龙(?:来)?(?:讲|说|解读)|(?:通俗|简单|白话)(?:一?点|地|易懂地?)?(?:来)?(?:讲|说|解释|解读)"
    r"|说人话|讲人话|(?:讲讲|说说|讲解|解读|读懂|看懂)(?:一下)?.{0,24}(?:政策|办法|规定|补贴|津贴|奖励|资助)"
)
_EXPLAIN_WORDS = re.compile(
    r"用?大白话|小龙说政事|让?小龙|通俗(?:一?点|地|易懂地?)?|简单(?:一?点|地)?|白话|说人话|讲人话|(?:给|帮|替|跟|和)?我|请问?|您|你|能不能|可以|能|麻烦"
    r"|讲讲|讲解|讲一?讲|说说|说一?说|解读|解释|读懂|看懂|读一?读|一下|讲|说|听|这个|这项|这份|这条|那个|那项|是怎么回事|怎么回事|什么意思|吗|吧|呢|的|来|用|把|[，,。？?！!、：:《》“”\s]"
    r"|政策$"
)


@dataclass(frozen=True)
class Meaning:
    """What a message wants. `number` and `code` are those of a case, `talk` the small talk that it is."""

    intent: str
    number: str = ""
    code: str = ""
    talk: SmallTalk | None = None


def understand(text: str, small_talk: Sequence[SmallTalk] = ()) -> Meaning:
    """The intent of a message.

    >>> [understand(text).intent for text in ("居住证怎么办？", "我要转人工", "我的居住证办到哪了", "我要投诉楼下噪音")]
    ['ask', 'person', 'progress', 'complain']
    >>> [understand(text).intent for text in ("投诉电话是多少", "帮我填居住证申请", "我想办居住证", "谢谢您")]
    ['ask', 'fill', 'apply', 'thanks']
    """
    bare, number, code = plain(text), _number(text), _code(text)
    if number:
        return Meaning(PROGRESS, number, code)
    if talk := _talk(bare, small_talk):
        return Meaning(TALK, talk=talk)
    for intent, holds in _RULES:
        if holds(text, bare):
            return Meaning(intent)
    return Meaning(ASK)


def is_question(text: str) -> bool:
    """Whether a message asks something.

    >>> is_question("要带什么材料"), is_question("王小芳，1990年3月7日出生")
    (True, False)
    """
    return bool(_ASKING.search(text))


def is_bare_subject(text: str) -> bool:
    """Whether a message names a subject and does not say what is asked about it.

    >>> is_bare_subject("居住证的事"), is_bare_subject("居住证怎么办"), is_bare_subject("孩子上学")
    (True, False, True)
    """
    return len(plain(text)) <= _BARE and not is_question(text)


def without_reading_words(text: str) -> str:
    """What a message wants to have explained, without the words that want it.

    >>> without_reading_words("请用大白话给我讲讲育儿补贴政策吧"), without_reading_words("用大白话讲讲这个政策")
    ('育儿补贴', '')
    """
    bare = _EXPLAIN_WORDS.sub("", text)
    return _EXPLAIN_WORDS.sub("", bare)


def _is_explain(text: str, _bare: str) -> bool:
    return bool(_EXPLAIN.search(text))


def _is_person(_text: str, bare: str) -> bool:
    return bool(_PERSON.search(bare))


def _is_thanks(_text: str, bare: str) -> bool:
    return bool(_THANKS.match(bare))


def _is_progress(_text: str, bare: str) -> bool:
    return bool(_PROGRESS.search(bare) and _OWN.search(bare)) and not _HOW_PROGRESS.search(bare)


def _is_complaint(_text: str, bare: str) -> bool:
    if not _COMPLAIN.search(bare) or _HOW_COMPLAIN.search(bare) or bare.endswith("吗"):
        return False
    return bool(_WANTS_COMPLAINT.search(bare)) or not _ASKS_ABOUT_IT.search(bare)


def _is_fill(text: str, bare: str) -> bool:
    return bool(_FILL.search(bare)) and not _ASKING.search(text)


def _is_apply(text: str, bare: str) -> bool:
    return bool(_APPLY.search(bare)) and not _ASKING.search(text)


def _is_entitled(_text: str, bare: str) -> bool:
    return bool(_ENTITLED.search(bare))


def _is_expiring(_text: str, bare: str) -> bool:
    return bool(_EXPIRING.search(bare)) and "怎么" not in bare


_RULES = (
    (PERSON, _is_person),
    (THANKS, _is_thanks),
    (EXPLAIN, _is_explain),
    (COMPLAIN, _is_complaint),
    (PROGRESS, _is_progress),
    (FILL, _is_fill),
    (APPLY, _is_apply),
    (ENTITLEMENTS, _is_entitled),
    (EXPIRING, _is_expiring),
)


def _number(text: str) -> str:
    found = _NUMBER.search(text)
    return found[0].upper() if found else ""


def _code(text: str) -> str:
    rest = _NUMBER.sub(" ", text)
    found = _CODE.search(rest) or _CODE_ALONE.search(rest)
    return found[1].upper() if found else ""


def _talk(bare: str, small_talk: Sequence[SmallTalk]) -> SmallTalk | None:
    return next((each for each in small_talk if bare in {plain(asked) for asked in each.asked}), None)

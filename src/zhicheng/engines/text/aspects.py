"""Which side of a matter a question asks about: the materials, the time, the fee, what to do when it was refused.

Entries about one matter share their words; they differ in the side. It is told by everyday turns of phrase, in the
question and in the titles and other wordings of an entry.
"""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from zhicheng.engines.text.questions import plain_question

Floats = npt.NDArray[np.float64]

_TURNS = {
    "materials": "材料|资料|证件|文件|单子|什么单|票据|凭证|证明|带什么|带啥|带哪|带的|递什么|递哪"
    "|要递|交什么|交啥|交哪|要交|准备什么|准备哪|准备啥|准备些|提交|提供什么|拿什么|拿啥",
    "time": "多久|几天|几时|几日|多长时间|什么时候|啥时候|何时|多少天|工作日|期限|时限|多快|到账|几号|哪天|几个月",
    "fee": "收费|要钱|费用|花钱|工本费|免费|收钱|花多少",
    "amount": "多少钱|补多少|几成|标准|金额|给多少|发多少|拿多少|领多少|怎么算|补几|奖多少|奖励多少|提多少|取多少|比例",
    "conditions": "条件|谁能|谁可以|什么人|哪些人|哪种人|资格|要求|符合|够不够|门槛|满足|怎样才|啥样|什么样|才能|限制",
    "refused": "没批|不批|没给批|被拒|驳回|打回|没通过|没过|不予|不服|不同意|异议|复议|申诉|不公平|不认可|拒绝|复核",
    "lost": "丢|遗失|掉了|不见|找不|补办|补领|补发|没了",
    "agent": "代办|替|代为|委托|别人|家人|帮我|叫我|让我|本人",
    "withdrawn": "撤|反悔|后悔|不想|取消|停办",
    "elsewhere": "外地|外省|老家|户籍地|异地|非深户|非本市|回去|回老|外市",
    "where": "哪里|在哪|去哪|地点|哪个窗口|哪个部门|找谁|哪个地方|哪儿",
    "online": "网上|手机|线上|网办|跑|到现场|在线|上门",
    "renewed": "延期|到期|续|换证|期满",
    "compared": "区别|一样|还是|哪个|怎么选|回事|差在",
    "late": "忘了|忘记|错过|逾期|过期|晚了|还来得及|超过|迟了|补报|补缴|补交|拖了",
    "wrong": "错|不对|更正|算少|不准",
    "changed": "变更|改|换",
    "ended": "注销|关了|关掉|停|销户|不干了|销掉",
    "automatic": "自动|不用申请|主动|自己报|自己申请|要不要申请|自己去报|自己去申请|免申",
    "result": "结果|拿到什么|发什么证|批下来|进度|知道.*没",
    "needed": "要不要|用不用|必须|是不是|一定要|需不需要|要.*吗|得.*吗",
    "allowed": "能不能|可不可以|能.*吗|可以.*吗|行不行|行吗|能.*不|可以不",
    "how": "怎么|咋|如何|流程|手续|步骤",
    "meaning": "什么是|是什么|啥意思|什么意思|什么用|有啥用|好处",
    "together": "一起|同时|两样|都能|重复|又.*又",
    "order": "先|后",
}
_PATTERNS = tuple(re.compile(turns) for turns in _TURNS.values())
_USUAL = 0.2  # share of wordings that ask for any one side
_DOUBT_USUAL, _DOUBT_COUNT = 0.3, 1.5  # as if so many wordings more had been seen, a fifth of them asking for it
COUNT = len(_PATTERNS)


def aspects_of(text: str) -> Floats:
    """1 for each side that a text asks about, else 0.

    >>> int(aspects_of("要带什么，几天办好？").sum())
    2
    """
    asked = plain_question(text)
    return np.array([pattern.search(asked) is not None for pattern in _PATTERNS], np.float64)


def profile(title: str, others: Sequence[str]) -> Floats:
    """What an entry is about, (2, sides): what its title asks, how much more than usual its other wordings ask it.

    The second is the logarithm of the share of wordings by the usual share; 0 without other wordings.
    """
    if not others:
        return np.stack([aspects_of(title), np.zeros(COUNT)])
    asked = np.sum([aspects_of(other) for other in others], axis=0)
    share = (asked + _DOUBT_USUAL) / (len(others) + _DOUBT_COUNT)
    return np.stack([aspects_of(title), np.log(share / _USUAL)])


def alike(question: Floats, titles: Floats, wordings: Floats) -> Floats:
    """How a question's sides fit those of entries: (entries, 3).

    `question` (sides,), `titles` and `wordings` (entries, sides) as `profile` gives them. In the columns: share of the
    question's sides that the title asks, how much the wordings ask them, how many of them neither asks.
    """
    count = max(question.sum(), 1.0)
    return np.stack(
        [titles @ question / count, wordings @ question / count, ((1 - titles) * (wordings < 0)) @ question], axis=1
    )

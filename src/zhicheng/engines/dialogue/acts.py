"""What a message does besides giving values: it asks why, skips, wants to stop, or wants to see the draft."""

import re

WHY, SKIP, STOP, SHOW, UNSURE, SUBMIT, NONE = "why", "skip", "stop", "show", "unsure", "submit", ""
_WHY = re.compile(
    r"为什么|为啥|为何|干嘛要|干吗要|有什么用|有啥用|做什么用|用来干|凭什么|什么意思|这是什么|哪里(?:可以)?(?:看|查|找)到|在哪(?:里)?(?:看|查|找)"
)
_STOP = re.compile(
    r"不想?办了|不想?填了|不申请了|取消(?:办理|申请|填写)?$|退出|下次再(?:办|说|填)|算了不|先不办|停止办理"
)
_SHOW = re.compile(r"(?:看看|看一下|查看|显示).{0,6}(?:填|草稿|内容)|填了(?:些)?什么|填到哪")
_SKIP = re.compile(
    r"跳过|先不填|以后再(?:填|说|补)|回头再|待会|等下再|下一[个项题]|不想填|不填|暂时没有|暂时不|先空着|空着|pass|skip|略过|先过|暂不|没想好"
)
_UNSURE = re.compile(r"不知道|不清楚|不记得|记不(?:清|得|起|住)|忘记?了|不确定|不晓得|说不准|唔知|唔记得|不了解|没印象")
_SUBMIT = re.compile(r"^(?:好的?[，,]?)?我?(?:要|想)?(?:现在|直接|马上)?(?:就)?(?:确认)?提交(?:申请|吧|了)*[。！!]?$")
_SHORT = 24


def find_act(text: str) -> str:
    """What a message does; nothing where it is an answer.

    >>> (
    ...     find_act("为什么要填这个"),
    ...     find_act("先跳过吧"),
    ...     find_act("不记得哪天了"),
    ...     find_act("直接提交吧"),
    ...     find_act("我叫王明"),
    ... )
    ('why', 'skip', 'unsure', 'submit', '')
    """
    patterns = ((STOP, _STOP), (WHY, _WHY), (SHOW, _SHOW), (SKIP, _SKIP), (UNSURE, _UNSURE), (SUBMIT, _SUBMIT))
    for act, pattern in patterns:
        if pattern.search(text) and len(text) <= _SHORT:
            return act
    return NONE

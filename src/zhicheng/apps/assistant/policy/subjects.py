"""Follow-up questions: "那要多久？" is about what was spoken of before."""

import re
from collections.abc import Sequence

from zhicheng.apps.assistant.policy.plain import plain
from zhicheng.apps.assistant.values import Line, Subject
from zhicheng.engines.text.questions import read_question

OVERVIEW = "overview"
TIME, MATERIALS, FEE, WHERE, WHO, HOW, RESULT = "time", "materials", "fee", "where", "who", "how", "result"
_LONGEST = 18
_ASPECTS = (
    (
        TIME,
        re.compile(r"多久|多长时间|几天|时限|几个工作日|要等|什么时候(?:能|可以)?(?:好|办好|拿到|下来|办完)|快不快"),
    ),
    (
        MATERIALS,
        re.compile(r"材料|资料|带(?:什么|哪些|些|啥)|准备(?:什么|哪些|啥)|要交(?:什么|哪些|啥)|证件|要什么东西"),
    ),
    (FEE, re.compile(r"多少钱|收费|费用|要钱|花钱|免费|交钱|手续费")),
    (WHERE, re.compile(r"去哪|在哪|哪里|地址|窗口|哪儿|到哪|什么地方|现场")),
    (WHO, re.compile(r"条件|谁(?:能|可以)|什么人|资格|要求|符合")),
    (RESULT, re.compile(r"结果|发什么证|拿到什么|出什么证")),
    (
        HOW,
        re.compile(
            r"怎么(?:办|申请|申领|领取?|拿|弄|搞|操作)|咋(?:办|弄|搞|申请|领)|流程|步骤|网上|怎样办|如何办|跑几次|几趟"
        ),
    ),
)
_LEADING = re.compile(r"^(?:那么?|还有|另外|然后|这个|它|这|那个|请问|如果|这样)+")
_DONE_HOW = re.compile(
    r"^(.{2,8})(?:怎么|如何|咋)(注册|注销|登记|补办|补|换|变更|过户|提取|转移?|查|报名|考|续签|续|缴|交)$"
)
_SHORT = 12
_GOING_ON = re.compile(
    r"^(?:那|如果|要是|万一|可以|能|能不能|要|用|会|多久|多少|什么时候|几)|也|呢$|^.{1,4}(?:行|可以|能)(?:吗|不)$"
)
# What may stand around an aspect without naming a subject of its own.
_FILLING = re.compile(
    r"那么?|还有|另外|然后|这个|它|这|那个|请问|一共|大概|要|需要|能|可以|得|的|了|呢|吗|啊|呀|吧|办理|办|申请|一般|我|你|您|"
    r"是|有|没有|不|用|去|在|到|给|哪些|什么|些|个|多|下|会|还|就|也|又|时间|地方|最快|提供|提交|准备|带|交|几|都|和|跟|、|儿|弄|搞|啥|好|下来|拿"
)


def aspect_of(text: str) -> str:
    """Which side of a matter a question asks about; empty where none is named."""
    bare = plain(text)
    return next((aspect for aspect, pattern in _ASPECTS if pattern.search(bare)), "")


def is_elliptical(text: str) -> bool:
    """Whether a question names no subject of its own.

    >>> [is_elliptical(text) for text in ("那要多久？", "要带什么材料", "多少钱", "居住证要带什么材料")]
    [True, True, True, False]
    """
    bare = plain(text)
    if len(bare) > _LONGEST or not bare:
        return False
    rest = _LEADING.sub("", bare)
    for _, pattern in _ASPECTS:
        rest = pattern.sub("", rest)
    return len(_FILLING.sub("", rest)) == 0 and bool(aspect_of(text) or _LEADING.match(bare))


def goes_on(text: str) -> bool:
    """Whether a question may go on about what was spoken of, with a word of its own.

    >>> [goes_on(text) for text in ("那我老婆也能办吗", "二胎也有吗", "外地的呢", "多久到账", "身份证丢了怎么补办")]
    [True, True, True, True, False]
    """
    bare = plain(text)
    return len(bare) <= _SHORT and bool(_GOING_ON.search(bare))


def own_words(text: str) -> tuple[str, ...]:
    """The words of a question that say what it adds: 老婆, 外地, 到账."""
    return read_question(plain(text)).words


def asks_no_more(text: str) -> bool:
    """Whether a question asks for a side of a matter and names nothing else.

    >>> asks_no_more("多久到账"), asks_no_more("驾照要多久"), asks_no_more("二胎也有吗")
    (True, False, False)
    """
    return bool(aspect_of(text)) and all(aspect_of(word) for word in own_words(text))


def matter_of(text: str) -> str:
    """What a question about one side of a matter is about; empty where it names none, or says more.

    >>> matter_of("居住证怎么办？"), matter_of("请问居住证要带什么材料"), matter_of("多少钱")
    ('居住证', '居住证', '')
    """
    rest = _LEADING.sub("", plain(text))
    if not aspect_of(text) or len(rest) > _LONGEST:
        return ""
    for _, pattern in _ASPECTS:
        rest = pattern.sub("", rest)
    return re.sub(rf"^(?:{_FILLING.pattern})+|(?:{_FILLING.pattern})+$", "", rest)


def names_of(text: str) -> tuple[str, ...]:
    """What the service may be called that a question is about, and no more than a side of which it asks.

    >>> names_of("公司怎么注册？"), names_of("怎么办护照"), names_of("护照过期几个月了还能换吗")
    (('注册公司', '公司注册'), ('护照',), ())
    >>> names_of("护照多久能办好")
    ('护照',)
    """
    bare = _LEADING.sub("", plain(text))
    if found := _DONE_HOW.match(bare):
        return f"{found[2]}{found[1]}", f"{found[1]}{found[2]}"
    matter = matter_of(text)
    return (matter,) if matter else ()


def resolve(text: str, subject: Subject | None) -> str:
    """The question with its subject.

    >>> resolve("那要多久？", Subject("item", "x", "居住证申领"))
    '居住证申领 要多久？'
    """
    return f"{subject.title} {_LEADING.sub('', text)}" if subject and is_elliptical(text) else text


def first_of_its_kind(text: str, found: Sequence[Subject]) -> list[Subject]:
    """Services with the one for having a paper at all first, where nothing says that there is one already.

    >>> passports = [Subject("item", code, f"{code}普通护照") for code in ("补发", "换发", "首次申领")]
    >>> [first_of_its_kind(text, passports)[0].code for text in ("我想办护照", "护照丢了", "换护照")]
    ['首次申领', '补发', '补发']
    """
    if not found or _LATER.search(plain(text)) or not _LATER.search(found[0].title):
        return list(found)
    common = _longest_common(plain(found[0].title), plain(text))
    beginning = [each for each in found if _BEGINS.search(each.title) and common in plain(each.title)]
    first = [each for each in beginning if not _LATER.search(each.title)] if len(common) > 1 else []
    return [*first[:1], *(each for each in found if each not in first[:1])]


def _longest_common(title: str, text: str) -> str:
    """The longest run of characters of a title, which is short, that a text has, which may be long."""
    runs = (title[start:end] for start in range(len(title)) for end in range(start + 1, len(title) + 1))
    return max((run for run in runs if run in text), key=len, default="")


_LATER = re.compile(r"补|换|续|签|注销|变更|改|丢|遗失|掉了|不见|坏|损|到期|过期|期满|延|迁出|转")
_BEGINS = re.compile(r"申领|首次|初次|新办|设立|核发|登记申报")


def lines_for(aspect: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines of a guide that answer an aspect."""
    wanted = _LINES.get(aspect, frozenset())
    return tuple(line for line in lines if line.label in wanted)


_LINES = {
    TIME: frozenset({"承诺时限", "法定时限"}),
    MATERIALS: frozenset({"申请材料"}),
    FEE: frozenset({"收费"}),
    WHERE: frozenset({"办理地点", "到现场"}),
    WHO: frozenset({"申请条件"}),
    OVERVIEW: frozenset({"申请条件", "申请材料", "办理方式", "承诺时限"}),
    HOW: frozenset({"办理方式", "到现场", "承诺时限"}),
    RESULT: frozenset({"办理结果"}),
}

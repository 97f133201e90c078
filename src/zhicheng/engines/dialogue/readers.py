"""One slot's value out of a piece of text: every kind of field has its reader, with how sure it is.

A reader never raises: what it cannot read gives a score of 0, what cannot be right a `fault` in a sentence, and a day
of which only the month or year was said a `partial`. A value that is given fits the schema of its slot.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhicheng.engines.dialogue import identifiers
from zhicheng.engines.dialogue.days import Said, find_days
from zhicheng.engines.dialogue.identifiers import find_identifiers
from zhicheng.engines.dialogue.options import choose, choose_several
from zhicheng.engines.dialogue.own_words import (
    CORRECTION,
    ORGANISATION,
    ORGANISATION_LABEL,
    address,
    bare,
    free_text,
    looks_like_address,
    organisation,
    own_words,
)
from zhicheng.engines.dialogue.people import find_roles, read_name
from zhicheng.engines.dialogue.polarity import is_no, is_yes, read_answer
from zhicheng.engines.dialogue.slots import Slot, fault_of
from zhicheng.engines.text.numerals import Number, find_months, find_numbers

Resolve = Callable[[str, str], str | None]
"""`(kind, text)`: `division` text → code, `division_name` code → name, `address` text → text; None if unknown."""


@dataclass(frozen=True)
class Around:
    """What readers need besides the text."""

    today: date
    resolve: Resolve


@dataclass(frozen=True)
class Heard:
    """What was read for a slot: a value with a score above 0, or a fault, or a partial day, or nothing.

    `words` are the value as people read it, where the slot does not tell.
    """

    value: Any = None
    score: float = 0.0
    fault: str = ""
    partial: str = ""
    words: str = ""


NOTHING = Heard()
_MONEY = re.compile(r"元|块|圆|人民币|rmb|RMB|￥|¥")
_UNITS: Mapping[str, str] = {
    "面积": "平|㎡|方|m",
    "人": "人|口|名|位|个",
    "孩子": "个|胎|孩|娃",
    "股东": "个|位|名|人",
    "月": "个月|月",
    "年": "年",
    "距离": "米|m",
    "份": "份",
    "级": "级",
    "比例": "%|个点|个百分",
    "套": "套",
    "座": "个|座|位",
    "辆": "辆|台|部",
    "胎": "胎|个|孩",
    "株": "株|棵|颗",
    "产生量": "公斤|千克|kg|斤",
    "量": "方|立方|吨",
    "排放口": "个",
    "床": "张|个|台",
}
_WORDS_FOR_NUMBERS = (("头胎", 1), ("双胞胎", 2), ("三胞胎", 3), ("单胎", 1), ("一个娃", 1), ("独生", 1))


def read_slot(slot: Slot, text: str, around: Around) -> Heard:
    """What a text says for a slot; a value that does not fit the slot's schema is a fault."""
    heard = _READERS[slot.kind](slot, text.strip(), around) if text.strip() else NOTHING
    if heard.value is None:
        return heard
    fault = fault_of(slot, heard.value, around.today)
    return Heard(fault=fault) if fault else heard


def _name(slot: Slot, text: str, _around: Around) -> Heard:
    plain = text
    mentions = find_roles(plain, frozenset({slot.role}) if slot.role else frozenset())
    if mentions and mentions[0].start <= 1:
        plain = plain[mentions[0].end :]
    plain = re.sub(r"^(?:也|就)?是(?:我|本人)自?己?(?=.{2})", "", bare(_after_not(plain)))
    name, score = read_name(re.sub(r"^我(?=[\u4e00-\u9fff]{2,3}$)", "", plain))
    if not name and re.search(r"名称|抵押权人|出租人$|承租人$", slot.label):
        said = own_words(slot.label, plain)
        return Heard(said, 0.85) if ORGANISATION.search(said) else NOTHING
    return Heard(name, score) if name else NOTHING


def _identifier(text: str, around: Around, kinds: tuple[str, ...]) -> Heard:
    found = [one for one in find_identifiers(text, around.today) if one.kind in kinds]
    right = [one for one in found if not one.fault and not is_denied(text, one.start)]
    if right:
        return Heard(right[-1].value, 1.0)
    return Heard(fault=found[0].fault) if found and found[0].fault else NOTHING


def _id_number(_slot: Slot, text: str, around: Around) -> Heard:
    heard = _identifier(text, around, (identifiers.ID_NUMBER,))
    if heard.value is None and not heard.fault:
        length = _longest_run(text)
        if length == 15:
            return _old_number(text, around)
        if length >= 14:
            return Heard(fault=f"身份证号码应为 18 位，您说的是 {length} 位，请对照证件检查。")
    return heard


def _old_number(text: str, around: Around) -> Heard:
    """The eighteen characters of an old number of fifteen."""
    digits = re.sub(r"\D", "", text)[:15]
    number = digits[:6] + "19" + digits[6:]
    number += identifiers.check_character(number)
    fault = identifiers.id_fault(number, around.today)
    return Heard(fault=fault) if fault else Heard(number, 1.0)


def _papers(_slot: Slot, text: str, around: Around) -> Heard:
    """An ID number, or the number of another paper (passport, permit) as it is."""
    heard = _identifier(text, around, (identifiers.ID_NUMBER, identifiers.USCC))
    if heard.value is not None or heard.fault:
        return heard
    found = re.findall(r"[A-Za-z]{0,3}\d[\dA-Za-z()（）]{4,}", text.replace(" ", ""))
    return Heard(found[-1].upper(), 0.85) if found else NOTHING


def _phone(_slot: Slot, text: str, around: Around) -> Heard:
    heard = _identifier(text, around, (identifiers.PHONE,))
    length = _longest_run(text)
    if heard.value is None and 7 <= length <= 14:
        return Heard(fault=f"手机号码应为 11 位，您说的是 {length} 位；固定电话请加上区号。请检查后再说一遍。")
    return heard


def _uscc(_slot: Slot, text: str, around: Around) -> Heard:
    heard = _identifier(text, around, (identifiers.USCC, identifiers.ID_NUMBER))
    if heard.value is not None and not identifiers.uscc_is_right(str(heard.value)):
        return Heard(fault="这是身份证号码，不是统一社会信用代码，请对照营业执照检查。")
    length = _longest_run(text)
    if heard.value is None and not heard.fault and 14 <= length <= 20:
        return Heard(fault=f"统一社会信用代码应为 18 位，您说的是 {length} 位，请对照营业执照检查。")
    return heard


def _email(_slot: Slot, text: str, around: Around) -> Heard:
    return _identifier(text, around, (identifiers.EMAIL,))


def _code(slot: Slot, text: str, around: Around) -> Heard:
    pattern = str(slot.rules.get("pattern", ""))
    if pattern:
        joined = re.sub(r"[\s\-.]", "", text)
        for said in (joined, joined.upper()):
            found = re.search(rf"(?<![0-9A-Za-z])(?:{pattern.strip('^$')})(?![0-9A-Za-z])", said)
            if found:
                return Heard(found[0], 0.95)
        digits = _longest_run(text)
        return Heard(fault=fault_of(slot, joined, around.today)) if digits >= 5 else NOTHING
    said = own_words(slot.label, text)
    if is_no(said) or is_yes(said) or not said:
        return NOTHING
    named = re.match(
        r"[\u4e00-\u9fff（）()]*(?:号码|编号|账号|账户|户号|卡号|证号|号|证|码)[是为：: ]*(?=[A-Za-z0-9\-]{4,}$)", said
    )
    said = said[named.end() :] if named else said
    if len(said) < 4 and not named:
        return Heard(said, 0.3)
    owned = re.search(r"[\u4e00-\u9fff]{2,}(?=[A-Za-z0-9\-]{6,}$)", said)
    if owned and not re.search(r"账|卡|户", slot.label):
        return Heard(said, 0.7)
    plain = re.search(r"[A-Za-z0-9][A-Za-z0-9\-/ ]{3,}", said)
    han = len(re.findall(r"[\u4e00-\u9fff]", said))
    if plain and any(map(str.isdigit, plain[0])) and (han <= 1 or not re.search(r"[字第号（(]", said)):
        spelt = re.search(r"[\u4e00-\u9fff]?[A-Za-z0-9][A-Za-z0-9\-/ ·.]{3,}", said) if han <= 1 else plain
        value = (spelt or plain)[0]
        return Heard(re.sub(r"\s", "", value), 0.8)
    return Heard(said, 0.7 if any(map(str.isdigit, said)) else 0.25)


def _date(slot: Slot, text: str, around: Around) -> Heard:
    days = [one for one in find_days(text, around.today, lean=lean_of(slot)) if not is_denied(text, one.start)]
    if not days:
        return NOTHING
    correction = CORRECTION.search(text)
    said = next((one for one in days if correction and one.start >= correction.start()), days[0])
    return heard_day(slot, said)


def heard_day(slot: Slot, said: Said) -> Heard:
    """A day that was said, for a slot: whole, or partial where the day or month is still open."""
    if said.is_whole:
        return Heard(said.text, 0.95)
    if said.month and re.search(r"哪个月|月份", slot.label):
        return Heard(f"{said.text}-01", 0.95)
    return Heard(score=0.9, partial=said.text)


def lean_of(slot: Slot) -> int:
    """Where a day without a year lies for a slot: -1 in the past, 1 in the future, 0 unknown."""
    if slot.is_past:
        return -1
    return 1 if re.search(r"拟|打算|计划|希望|预产|截止|到期|有效期|结束|离开|完工|期限|开庭|至$", slot.label) else 0


def _integer(slot: Slot, text: str, around: Around) -> Heard:
    value, score = _count(slot, text, around)
    if value is None:
        least = int(slot.rules.get("minimum", 0))
        return (
            Heard(0, 0.8) if least <= 0 and (is_no(text) or re.search(r"没有|没交|还没|从来没|无$", text)) else NOTHING
        )
    if value != int(value):
        return Heard(fault=f"{slot.label}请说整数，例如 {round(float(value))}。")
    return Heard(int(value), score)


def _count(slot: Slot, text: str, around: Around) -> tuple[Any, float]:
    label = slot.label
    for words, number in _WORDS_FOR_NUMBERS:
        if words in text:
            return number, 0.85
    if "月数" in label:
        months = find_months(text)
        if months is not None:
            return months, 0.9
    if "年度" in label:
        days = find_days(text, around.today, lean=-1)
        if days:
            return days[0].year, 0.9
    if "年限" in label and re.search(r"年半|半年", text):
        return find_months(text) / 12 if find_months(text) else None, 0.8  # type: ignore[operator]
    numbers = [one for one in find_numbers(re.sub(r"百分之", "", text)) if not is_denied(text, one.start)]
    return _best_number(label, numbers)


def _best_number(label: str, numbers: list[Number]) -> tuple[Any, float]:
    units = "|".join(unit for word, unit in _UNITS.items() if word in label)
    if units:
        for one in numbers:
            if re.match(units, one.unit):
                return one.value, 0.9
    return (numbers[0].value, 0.75) if numbers else (None, 0.0)


def _money(slot: Slot, text: str, around: Around) -> Heard:
    others = [(day.start, day.end) for day in find_days(text, around.today)]
    others += [(one.start, one.end) for one in find_identifiers(text, around.today) if one.kind != identifiers.CODE]
    numbers = [
        one
        for one in find_numbers(text)
        if not is_denied(text, one.start) and not any(start <= one.start < end for start, end in others)
    ]
    if not numbers:
        least = int(slot.rules.get("minimum", 0))
        return Heard(0, 0.8) if least <= 0 and (is_no(text) or re.search(r"没有|没收入|零", text)) else NOTHING
    marked = [
        one for one in numbers if _MONEY.match(one.unit) or _MONEY.search(text[max(0, one.start - 1) : one.start])
    ]
    best = marked[-1 if CORRECTION.search(text) else 0] if marked else max(numbers, key=lambda one: one.value)
    cents = best.value * 100
    if re.match(r"[元块]?[一二两三四五六七八九]毛|[元块][一二三四五六七八九]$", best.unit):
        return Heard(fault=f"{slot.label}请用数字说到元，例如 {int(best.value)} 元。")
    return Heard(int(cents), 0.9 if marked else 0.7) if cents == int(cents) else NOTHING


def _boolean(slot: Slot, text: str, around: Around) -> Heard:
    answer, score = read_answer(text, slot.label)
    if (
        slot.is_promise
        and answer is None
        and re.search(r"同意|承诺|知悉|知道|确认|属实|真实|符合|遵守|明白|了解|清楚", text)
    ):
        answer, score = True, 0.8
    if answer is None:
        return NOTHING
    if slot.is_promise and not answer:
        return Heard(fault=fault_of(slot, False, around.today))
    return Heard(answer, score)


def _choice(slot: Slot, text: str, _around: Around) -> Heard:
    value, score = choose(text, slot.options)
    return Heard(value, score) if value else NOTHING


def _choices(slot: Slot, text: str, _around: Around) -> Heard:
    values, score = choose_several(text, slot.options)
    return Heard(values, score) if values else NOTHING


def _division(_slot: Slot, text: str, around: Around) -> Heard:
    code = around.resolve("division", bare(text))
    return Heard(code, 0.85, words=around.resolve("division_name", code) or "") if code else NOTHING


def _address(slot: Slot, text: str, around: Around) -> Heard:
    said = address(slot.label, text)
    if len(said) < 2 or is_no(said) or is_yes(said):
        return NOTHING
    found = around.resolve("address", said) or said
    return Heard(found, 0.9 if looks_like_address(said) else 0.35)


def _text(slot: Slot, text: str, _around: Around) -> Heard:
    is_organisation = ORGANISATION_LABEL.search(slot.label) is not None
    said = organisation(slot.label, text) if is_organisation else free_text(slot.label, text)
    if not said or is_no(said) or (is_yes(said) and len(said) <= 4):
        return NOTHING
    sure = 0.2 if len(said) == 1 or re.fullmatch(r"[A-Za-z]*\d{5,}", said) else 0.4
    return Heard(said, 0.85 if is_organisation and ORGANISATION.search(said) else sure)


def _textarea(_slot: Slot, text: str, _around: Around) -> Heard:
    said = re.sub(r"^(?:理由是|原因是|情况是|是这样的|是因为)[：:，, ]*", "", text.strip())
    return NOTHING if is_no(said) or is_yes(said) else Heard(said, 0.4)


def _repeat(_slot: Slot, _text: str, _around: Around) -> Heard:
    return NOTHING


def is_denied(text: str, start: int) -> bool:
    """Whether what begins here is said not to be so: 不是138…, 是139…."""
    return (
        re.search(r"(?:不是|不要|不再是|别用|并非|而不是)(?:用|说|写)?$", text[max(0, start - 6) : start]) is not None
    )


def _after_not(text: str) -> str:
    found = re.search(r"不是[^，,。]*[，,。]?\s*(?:应该)?(?:而?是|叫)", text)
    return text[found.end() :] if found else text


def _longest_run(text: str) -> int:
    return max((len(re.sub(r"\D", "", run)) for run in re.findall(r"\d(?:[ \-.]?[\dXx]){4,}", text)), default=0)


_READERS: Mapping[str, Callable[[Slot, str, Around], Heard]] = {
    "name": _name,
    "id_number": _id_number,
    "papers": _papers,
    "phone": _phone,
    "uscc": _uscc,
    "email": _email,
    "code": _code,
    "date": _date,
    "integer": _integer,
    "money": _money,
    "boolean": _boolean,
    "choice": _choice,
    "choices": _choices,
    "division": _division,
    "address": _address,
    "text": _text,
    "textarea": _textarea,
    "repeat": _repeat,
}

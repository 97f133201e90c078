"""The sentences of the dialogue: values in words, questions, reasons. Good plain Chinese; no decisions here."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from zhicheng.engines.dialogue.slots import Group, Script, Slot
from zhicheng.engines.dialogue.state import Question

_WHY = {
    "id_number": "用来核对您的身份，也用来取市里已经掌握的信息，免得您重复填。",
    "papers": "用来核对身份。",
    "phone": "办理结果和需要补的材料会发到这个号码。",
    "uscc": "用来核对单位登记的信息，在营业执照上可以查到。",
    "address": "用来确定由哪个区、街道办理，以及寄送结果。",
    "division": "用来确定由哪个区、街道办理。",
    "date": "办理条件或者待遇从哪天算起，要看这个日期。",
    "money": "金额和条件要按它计算。",
    "boolean": "答案不同，要交的材料也不同。",
    "choice": "答案不同，要交的材料和办理的部门也不同。",
}
_ASKS_ITSELF = re.compile(r"^(?:是否|有没有|要不要|做不做|现在是否|近期有没有|您是不是)|是否")
_SHOWN_OPTIONS = 12


def in_words(slot: Slot, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if slot.options:
        labels = {option.value: option.label for option in slot.options}
        return "、".join(labels.get(one, str(one)) for one in (value if isinstance(value, list) else [value]))
    if slot.widget == "money" and isinstance(value, int):
        return f"{value // 100:,}.{value % 100:02d} 元"
    if slot.kind == "date":
        return day_in_words(str(value))
    return str(value)


def day_in_words(text: str) -> str:
    """An ISO day, month or year in words.

    >>> day_in_words("2023-03-05"), day_in_words("2023-03")
    ('2023年3月5日', '2023年3月')
    """
    parts = [int(part) for part in text.split("-")]
    return "".join(f"{part}{unit}" for part, unit in zip(parts, "年月日", strict=False))


def ask_slot(slot: Slot) -> str:
    """The question for one slot."""
    if slot.kind == "boolean":
        return _ask_boolean(slot)
    if slot.options:
        listed = " ".join(f"{place}. {option.label}" for place, option in enumerate(slot.options[:_SHOWN_OPTIONS], 1))
        several = "，可以选几项" if slot.kind == "choices" else ""
        label = (
            slot.label
            if slot.label.endswith(("吗", "什么", "哪几项不对", "哪几件事", "的"))
            else f"{slot.label}是哪一种"
        )
        return f"{label}？{listed}（说名称或者序号{several}）"
    hint = f"（{slot.help.rstrip('。')}）" if slot.help else ""
    verb = {"date": "是哪一天", "money": "是多少元", "integer": "是多少", "textarea": "请说一说"}.get(
        slot.kind, "是什么"
    )
    return f"{slot.label}{verb}？{hint}" if slot.kind != "textarea" else f"请说一说{slot.label}。{hint}"


def ask_together(slots: Sequence[Slot], script: Script, owner: str = "") -> str:
    """One question for several slots."""
    if all(slot.is_promise for slot in slots):
        return "请确认：" + "；".join(slot.label for slot in slots) + "。同意吗？"
    if len(slots) == 1:
        optional = "" if slots[0].required else "不填也可以，说“跳过”就行。"
        return f"{owner}{ask_slot(slots[0])}{optional}"
    needed = [_short(slot) for slot in slots if slot.required]
    others = [_short(slot) for slot in slots if not slot.required]
    section = script.sections.get(slots[0].section, "")
    head = owner or (f"{section}：" if section else "")
    said = "请告诉我" + "；".join(needed) if needed else "以下可以不填：" + "；".join(others)
    tail = f"。选填：{'；'.join(others)}" if needed and others else ""
    return f"{head}{said}{tail}。可以一次说完。"


def ask_rest_of_day(slot: Slot, partial: str) -> str:
    """Ask what is missing of a day."""
    missing = "几号" if "-" in partial else "几月几号"
    return (
        f"{slot.label}是{day_in_words(partial)}，具体{missing}？记不清的话说“记不清”，先按当月 1 日填，提交前还能改。"
    )


def ask_any(group: Group) -> str:
    """Ask whether a group has a member at all."""
    return f"有没有要填的{group.slot.label}？有的话请直接说第一位的{_inner(group)}；没有就说“没有”。"


def ask_more(group: Group, count: int) -> str:
    """Ask whether there is another member."""
    return f"{group.item_label}已记下 {count} 个。还有吗？有的话请接着说{_inner(group)}；没有就说“没有了”。"


def why(slot: Slot) -> str:
    """Why a slot is asked."""
    reason = slot.help or _WHY.get(slot.kind, "这是办这件事要填的内容，审核时要用。")
    optional = "" if slot.required else "这一项可以不填。"
    return f"{slot.label}：{reason}{optional}"


def field_question(slot: Slot) -> Question:
    """A slot's question as data."""
    options = tuple((option.value, option.label) for option in slot.options)
    return Question(slot.name, slot.label, ask_slot(slot), optional=not slot.required, options=options)


def day_of(text: str) -> date | None:
    """An ISO text as a day; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _short(slot: Slot) -> str:
    if slot.kind == "boolean":
        return _ask_boolean(slot).rstrip("？")
    if slot.options:
        return f"{slot.label}（{'、'.join(option.label for option in slot.options[:_SHOWN_OPTIONS])}）"
    return slot.label


def _ask_boolean(slot: Slot) -> str:
    if slot.is_promise:
        return f"请确认：{slot.label}。同意吗？"
    return f"{slot.label}？" if _ASKS_ITSELF.search(slot.label) else f"{slot.label}，是吗？"


def _inner(group: Group) -> str:
    return "、".join(slot.label for slot in group.slots)

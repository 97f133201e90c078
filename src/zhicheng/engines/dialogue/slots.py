"""A form's schema as slots to be filled by talking: pure, from the JSON Schema 2020-12 with the `x-` keywords.

Values are flat here: a field of a repeated group is named `children.0.name`. `flat` and `nested` go between the two.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator

from zhicheng.engines.dialogue.identifiers import birth_date_of, sex_of
from zhicheng.engines.dialogue.options import Option
from zhicheng.engines.dialogue.people import SELF, role_of_label

Values = Mapping[str, Any]
_NAME_LABEL = re.compile(
    r"姓名|联系人$|经办人$|法定代表人|负责人$|^监事$|安全(?:员|管理人员)$|^户主$|^抵押权人|^出租人$|^承租人$|^法定代表人"
)
_ID_LABEL = re.compile(r"身份证|公民身份号码|^(?:买方|卖方|承租人)?证件号码$")
_CODE_LABEL = re.compile(r"号码?$|编号$|代码$|账户$|账号$|卡号$|户号|证号|号牌|网址|邮箱|识别代号|证号码$")
_NAME_ROLES = {"baby": "child", "lessor": "landlord", "lessee": "tenant"} | {
    part: part
    for part in ("child", "father", "mother", "spouse", "deceased", "elder", "buyer", "seller", "landlord", "tenant")
}
_LONGEST = {"text": 200, "address": 200, "textarea": 2000}


@dataclass(frozen=True)
class When:
    """A field is asked only where another one has one of these values."""

    field: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Slot:
    """One field that can be filled. `kind` says how its value is read; `role` whose it is (father, contact …)."""

    name: str
    label: str
    widget: str
    kind: str
    rules: Mapping[str, Any]
    section: str = ""
    required: bool = False
    role: str = ""
    options: tuple[Option, ...] = ()
    when: tuple[When, ...] = ()
    computed: tuple[str, tuple[str, ...]] | None = None
    documents: tuple[tuple[str, str], ...] = ()
    help: str = ""
    group: str = ""

    @property
    def is_past(self) -> bool:
        """Whether its day cannot lie after today."""
        return bool(self.rules.get("x-past"))

    @property
    def is_promise(self) -> bool:
        """Whether only yes is allowed."""
        return self.rules.get("const") is True


@dataclass(frozen=True)
class Group:
    """A repeated group: `slots` are those of one member, named without its number."""

    slot: Slot
    item_label: str
    slots: tuple[Slot, ...]
    least: int
    most: int


@dataclass(frozen=True)
class Script:
    """What a form asks, in its order."""

    slots: tuple[Slot, ...]
    groups: Mapping[str, Group] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)

    def slot(self, name: str) -> Slot | None:
        """A slot by name, also of a repeated group (`children.0.name`)."""
        first, _, rest = name.partition(".")
        if not rest:
            return next((slot for slot in self.slots if slot.name == name), None)
        group = self.groups.get(first)
        index, _, inner = rest.partition(".")
        if group is None or not index.isdigit():
            return None
        return next((each for each in member_slots(group, int(index)) if each.name.endswith(f".{inner}")), None)


def read_schema(schema: Mapping[str, Any], orders: Mapping[str, Sequence[str]] | None = None) -> Script:
    """The slots of a form's schema. `orders` gives the order of fields in repeated groups, where it was lost."""
    required = set(schema.get("required", ()))
    properties: Mapping[str, Mapping[str, Any]] = schema["properties"]
    slots: list[Slot] = []
    groups: dict[str, Group] = {}
    sections = schema.get("x-sections") or [{"code": "", "label": "", "fields": list(properties)}]
    for section in sections:
        outer = _when(section.get("when"))
        for name in section["fields"]:
            rules = properties[name]
            slot = _slot(name, rules, section=section["code"], required=name in required)
            slot = replace(slot, when=(*outer, *slot.when))
            slots.append(slot)
            if slot.widget == "repeat":
                groups[name] = _group(slot, (orders or {}).get(name, ()))
    return Script(tuple(slots), groups, {one["code"]: one["label"] for one in sections})


def member_slots(group: Group, index: int) -> tuple[Slot, ...]:
    """The slots of one member of a group, named with its number."""
    prefix = f"{group.slot.name}.{index}."
    return tuple(
        replace(
            slot,
            name=prefix + slot.name,
            when=(*group.slot.when, *(When(prefix + one.field, one.values) for one in slot.when)),
        )
        for slot in group.slots
    )


def count_members(name: str, values: Values) -> int:
    """How many members of a group have a value."""
    indexes = [int(key.split(".")[1]) for key in values if key.startswith(f"{name}.")]
    return max(indexes, default=-1) + 1


def flat(values: Values) -> dict[str, Any]:
    """The values of a draft by slot name.

    >>> flat({"name": "王明", "children": [{"name": "王小"}]})
    {'name': '王明', 'children.0.name': '王小'}
    """
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
            for index, item in enumerate(value):
                found |= {f"{name}.{index}.{key}": inner for key, inner in item.items()}
        else:
            found[name] = value
    return found


def nested(values: Values) -> dict[str, Any]:
    """The values by slot name as a draft keeps them.

    >>> nested({"name": "王明", "children.0.name": "王小"})
    {'name': '王明', 'children': [{'name': '王小'}]}
    """
    found: dict[str, Any] = {}
    members: dict[str, dict[int, dict[str, Any]]] = {}
    for name, value in values.items():
        first, _, rest = name.partition(".")
        if not rest:
            found[name] = value
            continue
        index, _, inner = rest.partition(".")
        members.setdefault(first, {}).setdefault(int(index), {})[inner] = value
    for first, items in members.items():
        found[first] = [items[index] for index in sorted(items)]
    return found


def is_visible(slot: Slot, script: Script, values: Values) -> bool:
    """Whether the answers so far ask for a slot; a condition on a hidden field does not hold."""
    return all(_holds(one, script, values) for one in slot.when)


def is_possible(slot: Slot, script: Script, values: Values) -> bool:
    """Whether the answers so far leave it open that a slot is asked for."""
    return all(_may_hold(one, script, values) for one in slot.when)


def visible_slots(script: Script, values: Values) -> Iterator[Slot]:
    """The slots that the answers ask for, members of groups in place of their group."""
    for slot in script.slots:
        if not is_visible(slot, script, values):
            continue
        if slot.widget != "repeat":
            yield slot
            continue
        group = script.groups[slot.name]
        for index in range(count_members(slot.name, values)):
            yield from (one for one in member_slots(group, index) if is_visible(one, script, values))


def shown_values(script: Script, values: Values) -> dict[str, Any]:
    """The values that the answers leave visible."""
    return {slot.name: values[slot.name] for slot in visible_slots(script, values) if slot.name in values}


def compute(script: Script, values: Values, today: date) -> dict[str, Any]:
    """The values that follow from others: birth date, sex and age of an ID number; sums and counts."""
    found: dict[str, Any] = {}
    for slot in script.slots:
        if slot.computed is None:
            continue
        how, names = slot.computed
        operands = [values[name] for name in names if name in values]
        value = _COMPUTE[how](operands, today) if operands and how in _COMPUTE else None
        if value not in (None, ""):
            found[slot.name] = value
    return found


def fault_of(slot: Slot, value: Any, today: date) -> str:
    """What is wrong with a value by the schema of its slot, as a sentence; nothing where it is right."""
    error = next(iter(_validator(_Rules(slot.name, slot.rules)).iter_errors(value)), None)
    errors = slot.rules.get("x-errors", {})
    if error is not None:
        rule = str(error.validator)
        return str(errors.get(rule) or _said(slot, rule, error.validator_value))
    if slot.widget in _LONGEST and len(str(value)) > slot.rules.get("maxLength", _LONGEST[slot.widget]):
        return f"{slot.label}太长了，请说得短一些。"
    return _day_fault(slot, value, today) if slot.kind == "date" else ""


def age_on(born: date, day: date) -> int:
    """Full years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class _Rules:
    """The rules of a slot, so that their validator is made once."""

    def __init__(self, name: str, rules: Mapping[str, Any]) -> None:
        self.name, self.rules = name, rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rules) and other.rules is self.rules


@lru_cache(maxsize=4096)
def _validator(rules: _Rules) -> Draft202012Validator:
    return Draft202012Validator({key: one for key, one in rules.rules.items() if not key.startswith("x-")})


def _said(slot: Slot, rule: str, limit: Any) -> str:
    if slot.widget == "money" and rule in {"minimum", "maximum"}:
        limit = f"{limit / 100:,.2f} 元"
    words = {
        "minLength": f"至少写 {limit} 个字",
        "maxLength": f"最多写 {limit} 个字",
        "minimum": f"应不小于 {limit}",
        "maximum": f"应不大于 {limit}",
        "minItems": f"至少选 {limit} 项",
        "pattern": "的格式不对，请检查后重新说一遍",
        "const": "需要您确认才能提交",
    }
    return f"{slot.label}{words.get(rule, '不符合要求，请检查')}。"


def _day_fault(slot: Slot, value: Any, today: date) -> str:
    errors, ages = slot.rules.get("x-errors", {}), slot.rules.get("x-age", {})
    day = date.fromisoformat(str(value))
    if slot.is_past and day > today:
        return str(errors.get("past", f"{slot.label}不能晚于今天。"))
    age = age_on(day, today)
    if "min" in ages and age < ages["min"]:
        return str(errors.get("age", f"{slot.label}应满 {ages['min']} 周岁，按您说的日期是 {max(age, 0)} 周岁。"))
    if "max" in ages and age > ages["max"]:
        return str(errors.get("age", f"{slot.label}应不超过 {ages['max']} 周岁，按您说的日期是 {age} 周岁。"))
    return ""


def _slot(name: str, rules: Mapping[str, Any], *, section: str, required: bool) -> Slot:
    widget = _widget(rules)
    holder = rules.get("items", {}) if widget == "choices" else rules
    options = tuple(
        Option(str(one["const"]), one["title"], one.get("description", "")) for one in holder.get("oneOf", ())
    )
    label, computed = str(rules["x-label"]), None
    if rules.get("x-computed"):
        how, of = next(iter(rules["x-computed"].items()))
        computed = (how, (of,) if isinstance(of, str) else tuple(of))
    return Slot(
        name=name,
        label=label,
        widget=widget,
        kind=_kind(label, widget, rules),
        rules=rules,
        section=section,
        required=required,
        role=role_of_label(label) or _NAME_ROLES.get(name.partition("_")[0], SELF),
        options=options,
        when=_when(rules.get("x-when")),
        computed=computed,
        documents=tuple((one["material"], one["field"]) for one in rules.get("x-document", ())),
        help=str(rules.get("x-help", "")),
    )


def _group(slot: Slot, order: Sequence[str]) -> Group:
    items = slot.rules["items"]
    required, places = set(items.get("required", ())), {name: place for place, name in enumerate(order)}
    named = sorted(items["properties"].items(), key=lambda pair: places.get(pair[0], len(places)))
    slots = tuple(
        replace(_slot(name, rules, section=slot.section, required=name in required), group=slot.name)
        for name, rules in named
    )
    least = max(int(slot.rules.get("minItems", 0)), int(slot.required))
    return Group(
        slot, str(slot.rules.get("x-item-label") or slot.label), slots, least, int(slot.rules.get("maxItems", 20))
    )


def _widget(rules: Mapping[str, Any]) -> str:
    if "x-widget" in rules:
        return str(rules["x-widget"])
    kind = rules.get("type")
    if kind == "array":
        return "choices" if rules.get("items", {}).get("type") == "string" else "repeat"
    if kind == "string":
        return "choice" if "oneOf" in rules else "date" if rules.get("format") == "date" else "text"
    return str(kind) if kind in {"boolean", "integer"} else "text"


def _kind(label: str, widget: str, rules: Mapping[str, Any]) -> str:
    if widget != "text":
        return widget
    if _ID_LABEL.search(label):
        return "papers"
    if _NAME_LABEL.search(label) and "单位" not in label and "名称" not in label.replace("姓名或者名称", ""):
        return "name"
    if "pattern" in rules and "@" in str(rules["pattern"]):
        return "email"
    return "code" if _CODE_LABEL.search(re.sub(r"[（(].*?[）)]", "", label)) else "text"


def _when(when: Mapping[str, Any] | None) -> tuple[When, ...]:
    if when is None:
        return ()
    return (When(when["field"], tuple(when["in"]) if "in" in when else (when["is"],)),)


def _holds(one: When, script: Script, values: Values) -> bool:
    if one.field not in values or not _meets(values[one.field], one):
        return False
    controller = script.slot(one.field)
    return controller is None or "." in one.field or is_visible(controller, script, values)


def _may_hold(one: When, script: Script, values: Values) -> bool:
    if one.field in values:
        return _meets(values[one.field], one)
    controller = script.slot(one.field)
    return controller is None or "." in one.field or is_possible(controller, script, values)


def _meets(answer: Any, one: When) -> bool:
    given = answer if isinstance(answer, list) else [answer]
    return any(each == wanted and type(each) is type(wanted) for each in given for wanted in one.values)


def _birth_date(operands: list[Any], _today: date) -> str | None:
    born = birth_date_of(str(operands[0]))
    return born.isoformat() if born else None


def _age(operands: list[Any], today: date) -> int | None:
    text = str(operands[0])
    born = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else birth_date_of(text)
    return age_on(born, today) if born else None


_COMPUTE: Mapping[str, Callable[[list[Any], date], Any]] = {
    "birth_date": _birth_date,
    "sex": lambda operands, _today: sex_of(str(operands[0])),
    "age": _age,
    "sum": lambda operands, _today: sum(one for one in operands if isinstance(one, int)),
    "count": lambda operands, _today: sum(len(one) for one in operands if isinstance(one, list)),
}

"""What is wrong with values that have been read: the JSON Schema, dates, ages, as sentences beside the fields."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from zhicheng.core.forms.policy.conditions import visible_items, visible_names
from zhicheng.core.forms.values import Form, FormField

Errors = dict[str, list[str]]
_CHOOSE = {"choice", "choices", "boolean", "division", "date"}


def check_values(form: Form, values: Mapping[str, Any], today: date) -> Errors:
    """Sentences by field for values in their stored form, hidden ones already dropped."""
    errors: Errors = {}
    shown = visible_names(form, values)
    for error in Draft202012Validator(form.schema).iter_errors(dict(values)):
        for name, sentence in _said(form, error):
            if name.partition(".")[0] in shown and _is_shown(form, name, values):
                _add(errors, name, sentence)
    for name, field, value in dated(form, values):
        sentence = _day_fault(field, value, today)
        if sentence:
            _add(errors, name, sentence)
    return errors


def dated(form: Form, values: Mapping[str, Any]) -> Iterator[tuple[str, FormField, Any]]:
    """Every date that is given, in groups too, with its name."""
    return ((name, field, value) for name, field, value in given(form, values) if field.widget == "date")


def given(form: Form, values: Mapping[str, Any]) -> Iterator[tuple[str, FormField, Any]]:
    """Every single value that is given, in groups too, with its name (`children.0.name`) and field."""
    for field in form.fields:
        if field.name not in values:
            continue
        value = values[field.name]
        if field.widget != "repeat":
            yield field.name, field, value
            continue
        for index, item in enumerate(value):
            yield from (
                (f"{field.name}.{index}.{inner.name}", inner, item[inner.name])
                for inner in field.items
                if inner.name in item
            )


def find_field(form: Form, name: str) -> FormField | None:
    """The field that a name such as `children.0.name` means."""
    first, _, rest = name.partition(".")
    field = form.field(first)
    if field is None or not rest:
        return field
    inner = rest.rpartition(".")[2]
    return next((each for each in field.items if each.name == inner), None)


def age_on(born: date, day: date) -> int:
    """Full years of age on a day (周岁: from the day after the birthday, by civil practice the birthday itself counts).

    >>> age_on(date(2000, 2, 29), date(2026, 2, 28)), age_on(date(2000, 3, 1), date(2026, 3, 1))
    (25, 26)
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _said(form: Form, error: ValidationError) -> Iterator[tuple[str, str]]:
    path = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "required":
        wanted: Any = error.validator_value
        present: Any = error.instance
        for name in (each for each in wanted if each not in present):
            full = f"{path}.{name}" if path else name
            yield full, _missing(find_field(form, full), name)
        return
    field = find_field(form, path)
    if field is not None:
        yield path, _sentence(field, error)


def _missing(field: FormField | None, name: str) -> str:
    if field is None:
        return f"请填写「{name}」。"
    if field.rules.get("const") is True:
        return field.errors.get("required", f"请确认：{field.label}。")
    verb = "选择" if field.widget in _CHOOSE else "添加" if field.widget == "repeat" else "填写"
    return field.errors.get("required", f"请{verb}{field.label}。")


def _sentence(field: FormField, error: ValidationError) -> str:
    rule = str(error.validator)
    if rule in field.errors:
        return field.errors[rule]
    limit: Any = error.validator_value
    if field.widget == "money" and rule in {"minimum", "maximum"}:
        limit = f"{limit / 100:,.2f} 元"
    return f"{field.label}{_WORDS.get(rule, '填写有误，请检查后重新填写')}。".replace("{}", str(limit))


_WORDS: Mapping[str, str] = {
    "minLength": "至少写 {} 个字",
    "maxLength": "最多写 {} 个字",
    "pattern": "的格式不对，请检查后重新填写",
    "minimum": "应不小于 {}",
    "maximum": "应不大于 {}",
    "minItems": "至少填 {} 项",
    "maxItems": "最多填 {} 项",
    "uniqueItems": "有重复的内容，请删去一项",
    "oneOf": "请从列出的选项中选一项",
    "const": "不符合要求，请检查",
    "type": "的写法不对，请重新填写",
}


def _day_fault(field: FormField, value: Any, today: date) -> str:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return ""  # the reader has said so already
    if field.not_future and day > today:
        return field.errors.get("past", f"{field.label}不能晚于今天。")
    youngest, oldest = field.age
    age = age_on(day, today)
    if youngest is not None and age < youngest:
        return field.errors.get("age", f"{field.label}应满 {youngest} 周岁，按填写的日期是 {max(age, 0)} 周岁。")
    if oldest is not None and age > oldest:
        return field.errors.get("age", f"{field.label}应不超过 {oldest} 周岁，按填写的日期是 {age} 周岁。")
    return ""


def _is_shown(form: Form, name: str, values: Mapping[str, Any]) -> bool:
    first, _, rest = name.partition(".")
    index, _, inner = rest.partition(".")
    group = form.field(first)
    if not inner or group is None or not index.isdigit():
        return True
    item = values[first][int(index)]
    return inner in {each.name for each in visible_items(group, item)}


def _add(errors: Errors, name: str, sentence: str) -> None:
    said = errors.setdefault(name, [])
    if sentence not in said:
        said.append(sentence)


def compute(form: Form, values: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The computed fields for values in their stored form; what cannot be computed yet is left out."""
    found = {}
    for field in form.fields:
        if field.computed is not None:
            operands = [values[name] for name in field.computed.of if name in values]
            value = _COMPUTE[field.computed.how](operands, today) if operands else None
            if value is not None:
                found[field.name] = value
    return found


def _birth_date(operands: list[Any], _today: date) -> str | None:
    number = str(operands[0])
    if len(number) != 18 or not number[6:14].isdigit():
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14])).isoformat()
    except ValueError:
        return None


def _sex(operands: list[Any], _today: date) -> str | None:
    number = str(operands[0])
    if len(number) != 18 or not number[16].isdigit():
        return None
    return "male" if int(number[16]) % 2 else "female"


def _age(operands: list[Any], today: date) -> int | None:
    text = str(operands[0])
    born = text if len(text) == 10 else _birth_date(operands, today)
    try:
        return age_on(date.fromisoformat(born), today) if born else None
    except ValueError:
        return None


def _sum(operands: list[Any], _today: date) -> int:
    return sum(operand for operand in operands if isinstance(operand, int))


def _count(operands: list[Any], _today: date) -> int:
    return sum(len(operand) for operand in operands if isinstance(operand, list))


_COMPUTE: Mapping[str, Callable[[list[Any], date], Any]] = {
    "birth_date": _birth_date,
    "sex": _sex,
    "age": _age,
    "sum": _sum,
    "count": _count,
}

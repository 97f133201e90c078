"""Which keywords a form's schema may use, and what is wrong with one.

A subset of JSON Schema 2020-12 that can be drawn as a page, with our own keywords beginning with `x-`. Whether named
sources, facts and materials exist is checked by the section, which knows them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from zhicheng.core.forms.values import WIDGETS

TOP = frozenset(
    {"$schema", "type", "properties", "required", "allOf", "if", "then", "else", "dependentRequired"}
    | {"additionalProperties"}
)
PROPERTY = frozenset(
    {"type", "oneOf", "minLength", "maxLength", "pattern", "minimum", "maximum", "format", "const"}
    | {"items", "minItems", "maxItems", "uniqueItems"}
)
OUR_TOP = frozenset({"x-sections"})
OUR_PROPERTY = frozenset(
    {"x-label", "x-help", "x-widget", "x-fact", "x-prefill", "x-computed", "x-when", "x-errors"}
    | {"x-document", "x-personal", "x-past", "x-age", "x-item-label", "x-newer"}
)
COMPUTED = frozenset({"birth_date", "sex", "age", "sum", "count"})
TYPES: Mapping[str, str] = {
    **dict.fromkeys(
        ("text", "textarea", "id_number", "uscc", "phone", "date", "address", "choice", "division"), "string"
    ),
    **dict.fromkeys(("money", "integer"), "integer"),
    **dict.fromkeys(("choices", "repeat"), "array"),
    "boolean": "boolean",
}


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a schema, at a dotted path within it."""

    path: str
    code: str
    message: str
    hint: str = ""


def schema_problems(schema: Mapping[str, Any]) -> Iterator[Problem]:
    """Everything wrong with a form's schema that can be seen without the rest of the pack."""
    faults = list(_meta_problems(schema))
    if faults:
        yield from faults
        return
    yield from _unknown(schema, "", TOP, OUR_TOP)
    properties: Mapping[str, Mapping[str, Any]] = schema.get("properties", {})
    if schema.get("type") != "object" or not properties:
        yield Problem("", "form.shape", "schema 应是 type: object，并在 properties 下列出各项。", "请对照指南改正。")
        return
    for name, rules in properties.items():
        yield from _property_problems(name, rules, f"properties.{name}", properties)
    yield from _section_problems(schema)
    yield from _name_problems(schema, properties)
    yield from _cycle_problems(properties)


def widget_of(rules: Mapping[str, Any]) -> str:
    """How a property is drawn: as it says, or as its type suggests."""
    if "x-widget" in rules:
        return str(rules["x-widget"])
    kind = rules.get("type")
    if kind == "array":
        return "choices" if rules.get("items", {}).get("type") == "string" else "repeat"
    if kind == "string":
        return "choice" if "oneOf" in rules else "date" if rules.get("format") == "date" else "text"
    return str(kind) if kind in {"boolean", "integer"} else "text"


def _meta_problems(schema: Mapping[str, Any]) -> Iterator[Problem]:
    for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(schema):
        path = ".".join(str(part) for part in error.absolute_path)
        given = str(error.instance)[:60]
        message = f"「{path or 'schema'}」不符合 JSON Schema 2020-12：“{given}”不能这样写。"
        yield Problem(path, "form.schema", message, "请对照 JSON Schema 2020-12 或本指南的例子改正。")


def _unknown(rules: Mapping[str, Any], path: str, known: frozenset[str], ours: frozenset[str]) -> Iterator[Problem]:
    for key in rules:
        if key in known or key in ours:
            continue
        kind = "不认识的扩展关键词" if key.startswith("x-") else "表单里不能使用的关键词"
        hint = f"可用的：{'、'.join(sorted(ours if key.startswith('x-') else known))}。"
        yield Problem(_join(path, key), "form.keyword", f"{kind}「{key}」。", hint)


def _property_problems(
    name: str, rules: Mapping[str, Any], path: str, siblings: Mapping[str, Mapping[str, Any]]
) -> Iterator[Problem]:
    yield from _unknown(rules, path, PROPERTY, OUR_PROPERTY)
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
        yield Problem(path, "form.name", f"项目名「{name}」应是小写英文、数字和下划线。", "请改写，如 birth_date。")
    if not str(rules.get("x-label", "")).strip():
        yield Problem(path, "form.label", f"「{name}」没有写 x-label。", "请写出填表人看到的中文名称。")
    for key, check in _CHECKS.items():
        if key in rules or key in {"type", "oneOf"}:
            yield from check(rules, path)
    if "x-when" in rules:
        yield from _when_problems(rules["x-when"], f"{path}.x-when", siblings)
    if "x-computed" in rules:
        yield from _computed_problems(rules["x-computed"], f"{path}.x-computed", siblings)
    if widget_of(rules) == "repeat":
        yield from _group_problems(rules, path)


def _type_problems(rules: Mapping[str, Any], path: str) -> Iterator[Problem]:
    widget = widget_of(rules)
    if widget not in WIDGETS:
        hint = f"可用的：{'、'.join(WIDGETS)}。"
        yield Problem(_join(path, "x-widget"), "form.widget", f"不认识的控件「{widget}」。", hint)
    elif rules.get("type") != TYPES[widget]:
        message = f"控件 {widget} 的 type 应是 {TYPES[widget]}，现在是 {rules.get('type')}。"
        yield Problem(path, "form.type", message, "请改正 type 或 x-widget。")


def _option_problems(rules: Mapping[str, Any], path: str) -> Iterator[Problem]:
    widget = widget_of(rules)
    holder = rules.get("items", {}) if widget == "choices" else rules
    options = holder.get("oneOf", []) if isinstance(holder, Mapping) else []
    if widget in {"choice", "choices"} and not options:
        yield Problem(path, "form.options", "没有列出选项。", "请写 oneOf: [{const: 代码, title: 名称}, …]。")
    for index, option in enumerate(options):
        if not isinstance(option, Mapping) or {"const", "title"} - option.keys() or option.keys() - _OPTION:
            message = "每个选项写 const（代码）和 title（名称），可加 description（说明）。"
            yield Problem(f"{path}.oneOf.{index}", "form.option", message, "请改正这一个选项。")


def _pattern_problems(rules: Mapping[str, Any], path: str) -> Iterator[Problem]:
    try:
        re.compile(str(rules["pattern"]))
    except re.error:
        yield Problem(f"{path}.pattern", "form.pattern", "pattern 不是正确的正则表达式。", "请检查括号和反斜杠。")


def _fact_problems(rules: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if not re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", str(rules["x-fact"])):
        yield Problem(f"{path}.x-fact", "form.fact", "x-fact 应写成 表.列，如 person.birth_date。", "请改正。")


def _newer_problems(rules: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if rules["x-newer"] is not True or widget_of(rules) != "date" or "x-fact" not in rules:
        message = "x-newer 只写 true，用在写了 x-fact 的日期上。"
        yield Problem(f"{path}.x-newer", "form.newer", message, "请改正，或删去 x-newer。")


def _pair_problems(key: str, first: str) -> Callable[[Mapping[str, Any], str], Iterator[Problem]]:
    def check(rules: Mapping[str, Any], path: str) -> Iterator[Problem]:
        pairs = rules[key]
        good = isinstance(pairs, list) and all(isinstance(p, Mapping) and p.keys() == {first, "field"} for p in pairs)
        if not good:
            hint = f"例如：{key}: [{{{first}: 代码, field: 字段}}]。"
            yield Problem(f"{path}.{key}", "form.pairs", f"{key} 应是列表，每项写 {first} 和 field。", hint)

    return check


def _age_problems(rules: Mapping[str, Any], path: str) -> Iterator[Problem]:
    ages = rules["x-age"]
    if not isinstance(ages, Mapping) or ages.keys() - {"min", "max"} or not all(type(n) is int for n in ages.values()):
        yield Problem(f"{path}.x-age", "form.age", "x-age 写 min、max 两个周岁数。", "例如：x-age: {min: 80}。")


def _error_problems(rules: Mapping[str, Any], path: str) -> Iterator[Problem]:
    texts = rules["x-errors"]
    known = PROPERTY | {"required", "past", "age"}
    if not isinstance(texts, Mapping) or set(texts) - known or not all(isinstance(t, str) for t in texts.values()):
        yield Problem(
            f"{path}.x-errors", "form.errors", "x-errors 写“关键词: 一句话”。", "例如：required: 请填写姓名。"
        )


_OPTION = {"const", "title", "description"}
_CHECKS: Mapping[str, Callable[[Mapping[str, Any], str], Iterator[Problem]]] = {
    "type": _type_problems,
    "oneOf": _option_problems,
    "pattern": _pattern_problems,
    "x-fact": _fact_problems,
    "x-newer": _newer_problems,
    "x-prefill": _pair_problems("x-prefill", "source"),
    "x-document": _pair_problems("x-document", "material"),
    "x-age": _age_problems,
    "x-errors": _error_problems,
}


def when_problems(when: Any, path: str, properties: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with a condition on the fields of a form."""
    return _when_problems(when, path, properties)


def _when_problems(when: Any, path: str, siblings: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(when, Mapping) or "field" not in when or len({"is", "in"} & when.keys()) != 1 or len(when) != 2:
        hint = "例如：{field: marital_status, is: married}，或 {field: …, in: [甲, 乙]}。"
        yield Problem(path, "form.when", "条件应写 field，以及 is 或 in 中的一个。", hint)
    elif when["field"] not in siblings:
        message = f"条件里的「{when['field']}」不是这张表单的项目。"
        yield Problem(path, "form.when_field", message, f"可用的：{'、'.join(siblings)}。")
    else:
        wanted = when["in"] if "in" in when else [when["is"]]
        known = option_values(siblings[when["field"]])
        strange = [str(value) for value in wanted if known and value not in known]
        if strange:
            message = f"条件里的“{'、'.join(strange)}”不是「{when['field']}」的选项。"
            yield Problem(path, "form.when_value", message, f"可用的：{'、'.join(map(str, known))}。")


def option_values(rules: Mapping[str, Any]) -> list[Any]:
    """The values that a choice may have; empty where anything may be written."""
    if rules.get("type") == "boolean":
        return [True, False]
    holder = rules.get("items", rules) if rules.get("type") == "array" else rules
    return [option["const"] for option in holder.get("oneOf", []) if isinstance(option, Mapping) and "const" in option]


def _computed_problems(computed: Any, path: str, siblings: Mapping[str, Any]) -> Iterator[Problem]:
    good = isinstance(computed, Mapping) and len(computed) == 1 and set(computed) <= COMPUTED
    if not good:
        hint = "例如：{birth_date: id_number}、{sum: [甲, 乙]}、{count: children}。"
        yield Problem(path, "form.computed", "x-computed 应写一种算法和它用到的项目。", hint)
        return
    for name in as_list(next(iter(computed.values()))):
        if name not in siblings:
            yield Problem(path, "form.computed_field", f"x-computed 里的「{name}」不是这张表单的项目。", "请改正。")


def _group_problems(rules: Mapping[str, Any], path: str) -> Iterator[Problem]:
    items = rules.get("items")
    inner = items.get("properties") if isinstance(items, Mapping) else None
    if not isinstance(items, Mapping) or not inner:
        yield Problem(path, "form.items", "重复填写的一组应写 items: {type: object, properties: …}。", "请补上。")
        return
    yield from _unknown(items, f"{path}.items", TOP, frozenset())
    for name, one in inner.items():
        here = f"{path}.items.properties.{name}"
        if widget_of(one) == "repeat":
            yield Problem(here, "form.nested", "重复填写的一组里不能再有一组。", "请拆成两组。")
            continue
        yield from _property_problems(name, one, here, inner)
    for name in items.get("required", []):
        if name not in inner:
            yield Problem(
                f"{path}.items.required", "form.required", f"required 里的「{name}」不在这一组里。", "请改正。"
            )


def _section_problems(schema: Mapping[str, Any]) -> Iterator[Problem]:
    properties: Mapping[str, Any] = schema["properties"]
    placed: set[str] = set()
    sections = schema.get("x-sections")
    if not isinstance(sections, list) or not sections:
        yield Problem("x-sections", "form.sections", "没有写 x-sections。", "请把各项分到几页：code、label、fields。")
        return
    codes: set[str] = set()
    for index, section in enumerate(sections):
        path = f"x-sections.{index}"
        if not isinstance(section, Mapping) or {"code", "label", "fields"} - section.keys():
            yield Problem(path, "form.section", "每一页要写 code、label、fields。", "可加 help、when。")
            continue
        yield from _one_section(section, path, properties, placed | {f"={code}" for code in codes})
        placed |= set(section["fields"])
        codes.add(str(section["code"]))
    for name in properties:
        if name not in placed:
            yield Problem(f"properties.{name}", "form.unplaced", f"「{name}」没有放进任何一页。", "请写进 x-sections。")


def _one_section(
    section: Mapping[str, Any], path: str, properties: Mapping[str, Any], seen: Iterable[str]
) -> Iterator[Problem]:
    seen = {*seen, *(name for name in section["fields"] if section["fields"].count(name) > 1)}
    for key in section.keys() - {"code", "label", "fields", "help", "when"}:
        yield Problem(
            f"{path}.{key}", "form.keyword", f"一页里没有「{key}」这一项。", "可用：code、label、fields、help、when。"
        )
    if f"={section['code']}" in seen or not re.fullmatch(r"[a-z][a-z0-9_]*", str(section["code"])):
        yield Problem(
            path, "form.section_code", f"页的代码「{section['code']}」重复或写法不对。", "请用小写英文，各不相同。"
        )
    for name in section["fields"]:
        if name not in properties:
            yield Problem(f"{path}.fields", "form.section_field", f"「{name}」不是 properties 里的项目。", "请改正。")
        elif name in seen:
            yield Problem(f"{path}.fields", "form.placed_twice", f"「{name}」放进了两页。", "请删去一处。")
    if "when" in section:
        yield from _when_problems(section["when"], f"{path}.when", properties)


def _name_problems(schema: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[Problem]:
    """Names in `required` and inside if/then/else that no property has."""
    for path, name in _named(schema, ""):
        if name not in properties:
            message = f"「{name}」不是 properties 里的项目。"
            yield Problem(path, "form.required", message, "请改正名称，或在 properties 里写出这一项。")


def _named(schema: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(schema, Mapping):
        return
    yield from ((_join(path, "required"), name) for name in schema.get("required", ()))
    if path:
        yield from ((_join(path, "properties"), name) for name in schema.get("properties", ()))
    for key in ("if", "then", "else"):
        yield from _named(schema.get(key), _join(path, key))
    for index, part in enumerate(schema.get("allOf", ())):
        yield from _named(part, _join(path, f"allOf.{index}"))


def _cycle_problems(properties: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    after = {name: rules["x-when"]["field"] for name, rules in properties.items() if _is_condition(rules.get("x-when"))}
    for name in after:
        chain, at = [name], after.get(name)
        while at is not None and at not in chain:
            chain.append(at)
            at = after.get(at)
        if at == name:
            message = f"条件绕成了圈：{' → '.join([*chain, name])}。"
            yield Problem(f"properties.{name}.x-when", "form.cycle", message, "请去掉其中一个条件。")


def _is_condition(when: Any) -> bool:
    return isinstance(when, Mapping) and "field" in when


def as_list(value: Any) -> list[Any]:
    """A single value as a list of one."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key

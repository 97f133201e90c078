"""Fields of a form as the components draw them: which control, which words, which value, where it came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhicheng.core.forms.public import in_words, show_values, to_input, visible_names
from zhicheng.core.forms.values import Condition, Draft, Form, FormField, FormSection, ValueSource
from zhicheng.core.places.errors import PlacesNotInstalled
from zhicheng.core.places.public import list_divisions
from zhicheng.web.shared.fields import Field

_CONTROLS: Mapping[str, str] = {
    "text": "text",
    "textarea": "textarea",
    "id_number": "id_number",
    "uscc": "text",
    "phone": "phone",
    "date": "date",
    "address": "address",
    "choices": "checkbox",
    "boolean": "radio",
    "integer": "text",
    "money": "text",
    "division": "picker",
}
_FEW = 6
_YES_NO = (("true", "是", ""), ("false", "否", ""))
_EXTRAS: Mapping[str, Mapping[str, Any]] = {
    "integer": {"inputmode": "numeric", "maxlength": 13},
    "money": {"inputmode": "decimal", "maxlength": 20},
    "uscc": {"maxlength": 24, "class": "input--id"},
    "phone": {"maxlength": 20},
    "address": {"maxlength": 200},
    "boolean": {"inline": 1},
}


@dataclass(frozen=True)
class Part:
    """One thing on a form's page: a field, a computed value in words, or a repeated group with its members.

    `shown_when` lets a script hide the part until another answer of the page asks for it (`name=value`).
    """

    name: str
    label: str
    field: Field | None = None
    words: str = ""
    members: Sequence["Member"] = ()
    hint: str = ""
    errors: Sequence[str] = ()
    add_label: str = ""
    shown_when: str = ""


@dataclass(frozen=True)
class Member:
    """One member of a repeated group."""

    name: str
    label: str
    parts: Sequence[Part]


def section_parts(
    draft: Draft, section: FormSection, errors: Mapping[str, Sequence[str]], *, more: str = ""
) -> list[Part]:
    """The parts of one page. `more` names a group that gets one more empty member."""
    shown = visible_names(draft.form, draft.values)
    here = {each.name for each in section.fields}
    parts = []
    for each in section.fields:
        waits_here = each.when is not None and each.when.field in here
        if each.name in shown or (waits_here and (section.when is None or section.when.field not in here)):
            parts.append(_part(draft, each, errors, more))
    return parts


def source_from(source: ValueSource | None) -> str:
    """What follows 来自 beside a field; nothing for what the person typed."""
    if source is None or source.kind not in {"prefilled", "read"}:
        return ""
    name = f"材料《{source.label}》" if source.kind == "read" else source.label
    return f"{name}，{source.at[:10]}" if source.at else name


def answers(draft: Draft, section: FormSection) -> list[dict[str, str]]:
    """The answers of a page in words, for the person who gave them."""
    names = [each.name for each in section.fields]
    return [
        {"label": shown.label, "text": shown.text, "source": shown.source, "was": shown.was}
        for shown in show_values(draft, names=names, mask=False)
    ]


def _part(draft: Draft, each: FormField, errors: Mapping[str, Sequence[str]], more: str) -> Part:
    value, said = draft.values.get(each.name), errors.get(each.name, ())
    when = _shown_when(draft.form, each.when)
    if each.computed is not None:
        words = in_words(each, value) or "填好前面的内容后自动算出"
        return Part(each.name, each.label, words=words, hint=each.help, shown_when=when)
    if each.widget == "repeat":
        return _group(each, value, errors, more=more, when=when)
    source = draft.sources.get(each.name)
    words = _condition_words(draft.form.field(each.when.field), each.when) if each.when else ""
    given = _Given(each.name, value, said, source, words)
    return Part(each.name, each.label, field=_field(each, given), shown_when=when)


def _group(group: FormField, value: Any, errors: Mapping[str, Sequence[str]], *, more: str, when: str) -> Part:
    members = [item for item in value or [] if isinstance(item, Mapping)]
    if more == group.name or (not members and group.required):
        members = [*members, {}]
    label = group.item_label or group.label
    return Part(
        group.name,
        group.label,
        members=[_member(group, label, index, item, errors) for index, item in enumerate(members)],
        hint=group.help,
        errors=errors.get(group.name, ()),
        add_label=f"加一个{label}" if not members else f"再加一个{label}",
        shown_when=when,
    )


def _member(
    group: FormField, label: str, index: int, item: Mapping[str, Any], errors: Mapping[str, Sequence[str]]
) -> Member:
    prefix = f"{group.name}.{index}"
    parts = []
    for inner in group.items:
        name = f"{prefix}.{inner.name}"
        given = _Given(name, item.get(inner.name), errors.get(name, ()), condition=_inner_words(group, inner))
        field = _field(inner, given)
        parts.append(Part(name, inner.label, field=field, shown_when=_member_when(group, inner, prefix)))
    return Member(prefix, f"{label} {index + 1}", parts)


@dataclass(frozen=True)
class _Given:
    """What a field is drawn with."""

    name: str
    value: Any
    errors: Sequence[str] = ()
    source: ValueSource | None = None
    condition: str = ""


def _field(each: FormField, given: _Given) -> Field:
    control, extra = _control(each), dict(_EXTRAS.get(each.widget, {}))
    if control == "select":
        extra["empty"] = "请选择"
    if each.widget in {"text", "textarea"} and "maxLength" in each.rules:
        extra["maxlength"] = each.rules["maxLength"]
    if each.when is not None:
        extra["conditional"] = 1
    extra["source"] = source_from(given.source)
    return Field(
        kind=control,
        name=given.name,
        label=_label(each),
        value=to_input(each, given.value),
        errors=given.errors,
        hint=_hint(each, given),
        required=each.required and each.when is None,
        options=_options(each),
        extra=extra,
    )


def _label(each: FormField) -> str:
    if _is_promise(each):
        return "请确认"
    return f"{each.label}（元）" if each.widget == "money" else each.label


def _hint(each: FormField, given: _Given) -> str:
    sentences = [given.condition, each.help]
    source = given.source
    if source is not None and source.was is not None:
        sentences.append(f"{source.was_from}记录的是“{in_words(each, source.was)}”，您已改为自己填写的内容。")
    return " ".join(sentence for sentence in sentences if sentence)


def _condition_words(controller: FormField | None, when: Condition | None) -> str:
    """When a field is to be filled in, for a page without a script that shows it always."""
    if controller is None or when is None:
        return ""
    answer = "、".join(in_words(controller, value) for value in when.values)
    return f"“{controller.label}”选“{answer}”时填写。"


def _shown_when(form: Form, when: Condition | None) -> str:
    """`name=value` where a script can follow it: one value of a field that is drawn as radio buttons."""
    controller = form.field(when.field) if when else None
    return _follow(controller, when, when.field) if when and controller else ""


def _member_when(group: FormField, inner: FormField, prefix: str) -> str:
    when = inner.when
    controller = next((each for each in group.items if when and each.name == when.field), None)
    return _follow(controller, when, f"{prefix}.{when.field}") if when and controller else ""


def _inner_words(group: FormField, inner: FormField) -> str:
    when = inner.when
    controller = next((each for each in group.items if when and each.name == when.field), None)
    return _condition_words(controller, when)


def _follow(controller: FormField, when: Condition, name: str) -> str:
    if len(when.values) != 1 or _control(controller) != "radio":
        return ""
    value = when.values[0]
    return f"{name}={str(value).lower() if isinstance(value, bool) else value}"


def _is_promise(each: FormField) -> bool:
    """A statement to be ticked: the only right answer is yes."""
    return each.widget == "boolean" and each.rules.get("const") is True


def _control(each: FormField) -> str:
    if _is_promise(each):
        return "checkbox"
    if each.widget == "choice":
        return "radio" if len(each.options) <= _FEW else "select"
    return _CONTROLS[each.widget]


def _options(each: FormField) -> Sequence[Any]:
    if _is_promise(each):
        return (("true", each.label, ""),)
    if each.widget == "boolean":
        return _YES_NO
    if each.widget == "division":
        return list(_divisions())
    return [(option.value, option.label, option.hint) for option in each.options]


def _divisions() -> Iterator[dict[str, Any]]:
    """Every district with its streets, as the picker takes them."""
    yield {"label": "", "options": [("", "请选择", "")]}
    try:
        cities = list_divisions()
    except PlacesNotInstalled:
        return
    for district in (one for city in cities for one in list_divisions(city.code)):
        streets = list_divisions(district.code)
        options = [(district.code, district.name, ""), *((one.code, one.name, district.name) for one in streets)]
        yield {"label": district.name, "options": options}

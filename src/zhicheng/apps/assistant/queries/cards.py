"""Services as cards: what people want to know of them at a glance, and the buttons that lead on."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from zhicheng.apps.assistant.policy.plain import plain
from zhicheng.apps.assistant.policy.subjects import first_of_its_kind
from zhicheng.apps.assistant.values import Button, Card, Line, Subject
from zhicheng.apps.services.public import Catalogue, department_name, get_catalogue, saving_of, search_catalogue
from zhicheng.apps.services.values import ServiceItem, Theme
from zhicheng.core.packs.public import current_release

_MOST_CARDS = 2
_ITEM, _THEME = "item", "theme"
_DOING = re.compile(r"^(?:第一次|首次|新)?(?:办理?|申领|申请|领|开|考)")


def cards_for(codes: Sequence[str]) -> tuple[Card, ...]:
    """Cards of the services that an answer names; those that are gone are left out."""
    catalogue = get_catalogue()
    found = [_card(code, catalogue) for code in codes[:_MOST_CARDS]]
    return tuple(card for card in found if card is not None)


def subject_for(codes: Sequence[str]) -> Subject | None:
    """The service that an answer is about."""
    catalogue = get_catalogue()
    for code in codes:
        if code in catalogue.items:
            return Subject(_ITEM, code, catalogue.items[code].label)
        if code in catalogue.themes:
            return Subject(_THEME, code, catalogue.themes[code].label)
    return None


def find_services(text: str, limit: int = 3) -> list[Subject]:
    """Services that fit words, the best first, the name said in full before everything else."""
    found = [Subject(hit.kind, hit.code, hit.label) for hit in search_catalogue(text, limit=limit + 5)]
    ranked = sorted(found, key=lambda subject: subject.title not in text)
    return first_of_its_kind(text, ranked)[:limit]


def service_named(words: str) -> Subject | None:
    """The service that people call by these words, or whose name they are part of; None where there is no such one."""
    code = _called(current_release().id).get(words)
    if code is not None:
        return Subject(_ITEM, code, get_catalogue().items[code].label)
    return next((subject for subject in find_services(words, limit=1) if words in subject.title), None)


@lru_cache(maxsize=1)
def _called(_release: int) -> dict[str, str]:
    """What people call services, with and without the verb of having it done; what means several is left out."""
    whole: dict[str, set[str]] = defaultdict(set)
    bare: dict[str, set[str]] = defaultdict(set)
    for item in get_catalogue().items.values():
        for keyword in map(plain, item.keywords):
            whole[keyword].add(item.code)
            bare[_DOING.sub("", keyword)].add(item.code)
    return {words: min(codes) for words, codes in {**bare, **whole}.items() if len(codes) == 1 and len(words) > 1}


def service_card(subject: Subject) -> Card | None:
    """The card of a service or theme."""
    return _card(subject.code, get_catalogue())


def guide_lines(subject: Subject) -> tuple[Line, ...]:
    """Everything that the guide of a service says in lines; nothing for a theme."""
    item = get_catalogue().items.get(subject.code)
    return tuple(_guide(item)) if item else ()


def guide_address(subject: Subject) -> str:
    """Where the guide of a service stands."""
    return f"/services/{'themes' if subject.kind == _THEME else 'items'}/{subject.code}/"


def _card(code: str, catalogue: Catalogue) -> Card | None:
    if code in catalogue.items:
        return _item_card(catalogue.items[code])
    return _theme_card(catalogue.themes[code], catalogue) if code in catalogue.themes else None


def _item_card(item: ServiceItem) -> Card:
    address = f"/services/items/{item.code}/"
    lines = [Line("承诺时限", _days(item.promised_working_days)), Line("收费", item.fee_text or "不收费")]
    lines.append(Line("到现场", f"{item.trips} 次" if item.trips else "不用跑"))
    lines.append(Line("办理部门", department_name(item.department)))
    buttons = [Button("看办事指南", url=address)]
    if item.can_be_applied_for:
        buttons.insert(0, Button("办理", url=f"{address}apply/"))
        buttons.insert(1, Button("边聊边办", say=f"边聊边办：{item.label}"))
    note = "示意内容，以主管部门发布为准" if item.illustrative else ""
    return Card("service", item.label, tuple(lines), tuple(buttons), note)


def _theme_card(theme: Theme, catalogue: Catalogue) -> Card:
    effort = saving_of(theme, catalogue).together
    lines = (
        Line("包含", f"{len(theme.steps)} 件事，一次办"),
        Line("承诺时限", _days(effort.days)),
        Line("到现场", f"{effort.trips} 次" if effort.trips else "不用跑"),
    )
    address = f"/services/themes/{theme.code}/"
    apply = (Button("办理", url=f"{address}apply/"),) if theme.form else ()
    return Card("theme", theme.label, lines, (*apply, Button("看办事指南", url=address)))


def _guide(item: ServiceItem) -> Iterator[Line]:
    catalogue = get_catalogue()
    yield Line("承诺时限", _days(item.promised_working_days))
    yield Line("法定时限", _days(item.legal_working_days))
    yield Line("收费", item.fee_text or "不收费")
    yield Line("到现场", f"{item.trips} 次" if item.trips else "不用到现场")
    yield Line("办理方式", "可以在线申请" if item.can_be_applied_for else "到窗口办理")
    if item.conditions:
        yield Line("申请条件", "；".join(each.rstrip("。；") for each in item.conditions))
    if item.materials:
        yield Line("申请材料", "；".join(_need(need.code, need.note, catalogue) for need in item.materials))
    if item.windows:
        yield Line("办理地点", "；".join(f"{each.name} {each.address}".strip() for each in item.windows))
    if item.result:
        yield Line("办理结果", item.result)


def _need(code: str, note: str, catalogue: Catalogue) -> str:
    material = catalogue.materials.get(code)
    return f"{material.label if material else code}{f'（{note}）' if note else ''}"


def _days(days: int) -> str:
    return f"{days} 个工作日" if days else "当场办结"

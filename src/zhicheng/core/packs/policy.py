"""Pure decisions of packs: which items differ, how that reads as a release note, what names a definition."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from cryptography.hazmat.primitives import hashes

from zhicheng.core.packs.values import Change, ChangeKind, DescribedItem, FieldChange

_DETAILED = 40  # changed items told one by one; of the rest a note gives the number
_LISTED = 12  # names written out before a note says how many more there are


def compare_items(old: Iterable[DescribedItem], new: Iterable[DescribedItem]) -> list[Change]:
    """What was added, removed and changed, in the order of the new pack's sections, removals last in each kind."""
    before = {_key(item): item for item in old}
    after = {_key(item): item for item in new}
    changes = [change for key, item in after.items() for change in _compare(before.get(key), item)]
    changes += [Change(ChangeKind.REMOVED, item) for key, item in before.items() if key not in after]
    order = {section: index for index, section in enumerate(_sections(after, before))}
    changes.sort(key=lambda change: (order[change.item.section], change.item.kind))
    return changes


def release_notes(changes: Sequence[Change], *, title: str) -> str:
    """Changes as Markdown in Chinese: a heading a section, one line an addition or removal, one a changed item."""
    lines = [f"# {title}", ""]
    if not changes:
        return "\n".join([*lines, "内容没有变化。", ""])
    lines += [_summary(changes), ""]
    for _, of_section in groupby(changes, key=lambda change: change.item.section):
        section = list(of_section)
        lines += [f"## {section[0].item.section_label}", ""]
        for kind, of_kind in groupby(section, key=lambda change: change.item.kind):
            lines += _kind_notes(kind, list(of_kind))
        lines.append("")
    return "\n".join(lines)


def version_at_least(have: str, need: str) -> bool:
    """Whether a dotted version is not older than another; a part that is no number counts as 0.

    >>> version_at_least("0.10.0", "0.9"), version_at_least("0.1", "0.1.1")
    (True, False)
    """
    return _version(have) >= _version(need)


def _version(text: str) -> tuple[int, ...]:
    parts = [int(part) if part.isdigit() else 0 for part in text.split(".")]
    return tuple([*parts, 0, 0, 0][: max(3, len(parts))])


def _key(item: DescribedItem) -> tuple[str, str, str]:
    return item.section, item.kind, item.code


def _sections(*packs: dict[tuple[str, str, str], DescribedItem]) -> list[str]:
    return list(dict.fromkeys(section for pack in packs for section, _, _ in pack))


def _compare(old: DescribedItem | None, new: DescribedItem) -> Iterator[Change]:
    if old is None:
        yield Change(ChangeKind.ADDED, new)
        return
    before, after = {"名称": old.label, **old.fields}, {"名称": new.label, **new.fields}
    fields = [
        FieldChange(name, before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys([*after, *before])
        if before.get(name, "") != after.get(name, "")
    ]
    if fields:
        yield Change(ChangeKind.CHANGED, new, tuple(fields))


def _summary(changes: Sequence[Change]) -> str:
    words = {ChangeKind.ADDED: "新增", ChangeKind.REMOVED: "停用", ChangeKind.CHANGED: "调整"}
    counts = [(word, sum(change.kind is kind for change in changes)) for kind, word in words.items()]
    return "本次" + "、".join(f"{word} {count} 项" for word, count in counts if count) + "。"


def _kind_notes(kind: str, changes: Sequence[Change]) -> Iterator[str]:
    for what, word in ((ChangeKind.ADDED, "新增"), (ChangeKind.REMOVED, "停用")):
        items = [change.item for change in changes if change.kind is what]
        if items:
            yield f"- {word} {len(items)} 个{kind}：{_names(items)}。"
    changed = [change for change in changes if change.kind is ChangeKind.CHANGED]
    for change in changed[:_DETAILED]:
        yield f"- {kind}{_name(change.item)}：{'；'.join(_field_note(field) for field in change.fields)}。"
    if len(changed) > _DETAILED:
        yield f"- 另有 {len(changed) - _DETAILED} 个{kind}作了调整。"


def _names(items: Sequence[DescribedItem]) -> str:
    text = "、".join(_name(item) for item in items[:_LISTED])
    return text if len(items) <= _LISTED else f"{text}等"


def _name(item: DescribedItem) -> str:
    return f"「{item.label}」" if item.label and item.label != item.code else f"「{item.code}」"


def _field_note(field: FieldChange) -> str:
    if not field.old:
        return f"{field.name} 新填为 {_short(field.new)}"
    if not field.new:
        return f"{field.name} 去掉了（原为 {_short(field.old)}）"
    return f"{field.name} 由 {_short(field.old)} 改为 {_short(field.new)}"


def _short(text: str) -> str:
    line = " ".join(text.split()).rstrip("。")
    return line if len(line) <= 60 else line[:59] + "…"


def definition_hash(kind: str, code: str, label: str, body: Mapping[str, Any]) -> str:
    """SM3 (hex) over the canonical JSON of a definition: keys sorted, no white space, UTF-8.

    Raises:
        ValueError: the body holds NaN, infinity or something that is not JSON.

    >>> one = definition_hash("process", "appeal", "", {"x": 1, "y": 2})
    >>> one == definition_hash("process", "appeal", "", {"y": 2, "x": 1})
    True
    """
    content = {"body": body, "code": code, "kind": kind, "label": label}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    digest = hashes.Hash(hashes.SM3())
    digest.update(text.encode())
    return digest.finalize().hex()

"""Reading YAML: a plain subset, with the line of every key.

Dates are read as dates; `yes`, `on` and `09:30` stay text (YAML 1.2); anchors, aliases and tags are refused:
whoever checks a pack must be able to read each value where it stands.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from zhicheng.core.packs.base.files import read_text
from zhicheng.core.packs.base.section import Fault, Row


class _AliasUsedError(yaml.MarkedYAMLError):
    """Something is borrowed from elsewhere in the file."""


class _QuickLoader(yaml.CSafeLoader):
    """The same types by libyaml, eight times as fast, for files that need no explanation."""


class _PlainLoader(yaml.SafeLoader):
    """SafeLoader with the implicit types of YAML 1.2, with dates, without aliases."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse an alias where it stands."""
        if self.check_event(yaml.AliasEvent):
            raise _AliasUsedError(problem_mark=self.peek_event().start_mark)  # type: ignore[no-untyped-call]  # untyped in the stubs
        return super().compose_node(parent, index)


def _construct_date(_loader: _PlainLoader | _QuickLoader, node: yaml.ScalarNode) -> date | str:
    """A date; what only looks like one stays text, so that the check of the field names the line."""
    try:
        return date.fromisoformat(node.value)
    except ValueError:
        return str(node.value)


_PLAIN_TYPES = (
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", "-+0123456789"),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
)
for _loader in (_PlainLoader, _QuickLoader):
    _loader.add_constructor("tag:yaml.org,2002:timestamp", _construct_date)
    _loader.yaml_implicit_resolvers = {}
    for _tag, _pattern, _first in _PLAIN_TYPES:
        _loader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), list(_first))

_SAFE_DEPTH = 200  # libyaml nests on the stack of the process


def read_yaml(root: Path, relative: str) -> tuple[Row | None, list[Fault]]:
    """Read a file that holds one mapping. `key_lines` maps dotted paths (`states.0.code`) to lines."""
    value, lines, faults = _read(root, relative)
    if faults:
        return None, faults
    if not isinstance(value, dict):
        hint = "请写成“名称: 值”的形式，每行一项。"
        return None, [Fault(relative, 1, "yaml.shape", "文件的最外层应是一组“名称: 值”。", hint)]
    return Row(relative, 1, value, lines), []


def read_yaml_rows(root: Path, relative: str, *, filled: bool = False) -> tuple[list[Row], list[Fault]]:
    """Read a file that holds a list of mappings, each as a row with its own line and key lines.

    With `filled`, an empty list is a fault.
    """
    value, lines, faults = _read(root, relative)
    if faults:
        return [], faults
    if not isinstance(value, list):
        return [], [Fault(relative, 1, "yaml.shape", "文件的最外层应是一个列表。", "每一项以“- ”开头。")]
    if filled and not value:
        return [], [Fault(relative, 1, "yaml.no_rows", "列表是空的。", "请至少写一项，以“- ”开头。")]
    return _rows(Row(relative, 1, {"": value}, {f".{path}": line for path, line in lines.items()}), "")


def rows_at(row: Row, path: str) -> tuple[list[Row], list[Fault]]:
    """The mappings in the list under a dotted path of a row, as rows; none where the key is absent."""
    return _rows(row, path)


def _rows(row: Row, path: str) -> tuple[list[Row], list[Fault]]:
    value: Any = row.values
    for part in path.split("."):
        value = _child(value, part)
    if value is None:
        return [], []
    if not isinstance(value, list):
        return [], [row.fault("yaml.shape", f"「{path}」应是一个列表。", "每一项以“- ”开头。", key=path)]
    rows, faults = [], []
    for index, item in enumerate(value):
        here = f"{path}.{index}"
        if isinstance(item, dict):
            rows.append(_part(row, here, item))
        else:
            faults.append(row.fault("yaml.shape", "这一项应是一组“名称: 值”。", "请写成“- 名称: 值”。", key=here))
    return rows, faults


def _child(value: Any, part: str) -> Any:
    if isinstance(value, list) and part.isdigit() and int(part) < len(value):
        return value[int(part)]
    return value.get(part) if isinstance(value, dict) else None


def _part(row: Row, path: str, values: dict[str, Any]) -> Row:
    prefix = f"{path}."
    lines = {key[len(prefix) :]: line for key, line in row.key_lines.items() if key.startswith(prefix)}
    return replace(row, line=row.key_lines.get(path, row.line), values=values, key_lines=lines)


def _read(root: Path, relative: str) -> tuple[Any, dict[str, int], list[Fault]]:
    text, faults = read_text(root, relative)
    if faults:
        return None, {}, faults
    with suppress(yaml.YAMLError):  # the slow reader says where and why
        if _is_plain(text):
            return _construct(_QuickLoader(text), relative)
    try:
        loader = _PlainLoader(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = f"这一行有看不见的控制字符（U+{error.character:04X}）。"
        return _unread(relative, line, "yaml.character", message, "请删去它：可以把这一行重新输入一遍。")
    try:
        return _construct(loader, relative)
    except yaml.MarkedYAMLError as error:
        return None, {}, [_syntax_fault(relative, error)]
    except RecursionError:
        return _unread(relative, 0, "yaml.depth", "内容嵌套太深。", "请减少方括号、花括号和缩进的层数。")


def _is_plain(text: str) -> bool:
    """Whether it parses, borrows nothing, and does not nest deep."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _SAFE_DEPTH or isinstance(event, yaml.AliasEvent):
            return False
    return True


def _construct(loader: _PlainLoader | _QuickLoader, relative: str) -> tuple[Any, dict[str, int], list[Fault]]:
    try:
        node = loader.get_single_node()
        if node is None:
            return _unread(relative, 0, "yaml.empty", "文件是空的。", "请按《城市包编写指南》填写。")
        lines: dict[str, int] = {}
        faults = list(_walk(relative, node, "", lines))
        return (None if faults else loader.construct_document(node)), lines, faults
    finally:
        loader.dispose()


def _unread(relative: str, line: int, code: str, message: str, hint: str) -> tuple[None, dict[str, int], list[Fault]]:
    return None, {}, [Fault(relative, line, code, message, hint)]


def _walk(relative: str, node: yaml.Node, path: str, lines: dict[str, int]) -> Iterator[Fault]:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(relative, item, _join(path, str(index)), lines)
    elif isinstance(node, yaml.MappingNode):
        yield from _walk_mapping(relative, node, path, lines)


def _walk_mapping(relative: str, node: yaml.MappingNode, path: str, lines: dict[str, int]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            yield Fault(relative, line, "yaml.key", "名称应是文字。", "请把冒号前的名称写成一个词。")
            continue
        name = str(key.value)
        if name in first:
            message = f"「{name}」写了两次，第一次在第 {first[name]} 行。"
            yield Fault(relative, line, "yaml.duplicate_key", message, "请删去一处，或改正名称。")
            continue
        first[name] = line
        lines[_join(path, name)] = line
        yield from _walk(relative, value, _join(path, name), lines)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _syntax_fault(relative: str, error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    if isinstance(error, _AliasUsedError):
        return Fault(relative, line, "yaml.alias", "不使用 & 和 * 引用别处的内容。", "请把内容直接写在这里。")
    if isinstance(error, yaml.constructor.ConstructorError):
        return Fault(relative, line, "yaml.tag", "不支持以 ! 开头的类型标记。", "请写成普通的文字、数字或日期。")
    hint = "请检查缩进（只用空格）、冒号后的空格、成对的引号；含冒号或井号的文字要加引号。"
    return Fault(relative, line, "yaml.syntax", f"YAML 格式不对（{error.problem or error.context}）。", hint)

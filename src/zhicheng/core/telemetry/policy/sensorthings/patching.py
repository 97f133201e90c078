"""JSON Patch (RFC 6902) on one document."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from zhicheng.core.telemetry.errors import DocumentRefused

_MOST = 200


def patched(document: dict[str, Any], patches: Any) -> dict[str, Any]:
    """The document after some patches, itself unchanged.

    Raises:
        DocumentRefused: a patch cannot be applied.

    >>> patched({"a": {"b": 1}}, [{"op": "replace", "path": "/a/b", "value": 2}])
    {'a': {'b': 2}}
    """
    if not isinstance(patches, list) or len(patches) > _MOST:
        raise DocumentRefused(problem="补丁应是 JSON Patch 列表")
    changed = deepcopy(document)
    for patch in patches:
        if not isinstance(patch, dict) or not isinstance(patch.get("path"), str) or patch["path"][:1] != "/":
            raise DocumentRefused(problem="补丁的 path 应以 / 开头")
        _apply(changed, patch)
    return changed


def _apply(document: dict[str, Any], patch: dict[str, Any]) -> None:
    operation, path = patch.get("op"), _parts(patch["path"])
    if operation in {"add", "replace"}:
        _put(document, path, patch.get("value"), new=operation == "add")
    elif operation == "remove":
        _take(document, path)
    elif operation in {"move", "copy"}:
        origin = _parts(str(patch.get("from", "")))
        value = _take(document, origin) if operation == "move" else deepcopy(_get(document, origin))
        _put(document, path, value, new=True)
    elif operation != "test" or _get(document, path) != patch.get("value"):
        raise DocumentRefused(problem=f"补丁 {str(operation)[:20]} {patch['path'][:60]} 不成立")


def _parts(path: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]


def _get(value: Any, path: Sequence[str]) -> Any:
    for name in path:
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            raise DocumentRefused(problem=f"补丁的路径 /{'/'.join(path)[:60]} 不存在")
    return value


def _put(document: Any, path: Sequence[str], value: Any, *, new: bool) -> None:
    holder, name = _get(document, path[:-1]), path[-1]
    if isinstance(holder, list):
        at = len(holder) if name == "-" else int(name) if name.isdigit() else -1
        if not 0 <= at <= len(holder):
            raise DocumentRefused(problem=f"补丁的路径 /{'/'.join(path)[:60]} 不存在")
        holder[at : at if new else at + 1] = [value]
    elif isinstance(holder, dict) and (new or name in holder):
        holder[name] = value
    else:
        raise DocumentRefused(problem=f"补丁的路径 /{'/'.join(path)[:60]} 不存在")


def _take(document: Any, path: Sequence[str]) -> Any:
    value, holder = _get(document, path), _get(document, path[:-1])
    del holder[int(path[-1]) if isinstance(holder, list) else path[-1]]
    return value

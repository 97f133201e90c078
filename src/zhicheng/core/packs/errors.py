"""What can go wrong with packs and definitions."""

from collections.abc import Sequence
from typing import Any

from zhicheng.kit.errors import ErrorKind, ZhichengError


class PackRefused(ZhichengError):
    """The pack has faults, so nothing was changed; `faults` lists every one of them."""

    code = "packs.refused"
    kind = ErrorKind.UNPROCESSABLE
    message = "城市包没有安装：发现 {count} 处问题，第一处在 {first}。运行中的城市没有任何变化。"

    def __init__(self, faults: Sequence[Any]) -> None:
        self.faults = tuple(faults)
        first = f"{faults[0].file}:{faults[0].line}" if faults else "-"
        super().__init__(count=len(faults), first=first)


class NoPackInstalled(ZhichengError):
    """The city is empty: no pack has been installed yet."""

    code = "packs.none_installed"
    kind = ErrorKind.UNAVAILABLE
    message = "还没有安装城市包，请管理员先运行 zhicheng pack install。"


class DefinitionUnknown(ZhichengError):
    """No definition with this hash, or none of this kind and code in the installed pack."""

    code = "packs.definition_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "找不到定义 {name}。请检查代码是否写错，或城市包是否已停用它。"

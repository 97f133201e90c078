"""What can go wrong with a case, beyond what its process refuses."""

from collections.abc import Sequence
from typing import Any

from zhicheng.kit.errors import ErrorKind, ZhichengError


class CaseNotFound(ZhichengError):
    """There is no such case, or it does not concern this actor: both look alike from outside."""

    code = "cases.not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这件工单，或您无权查看。请核对工单号。"


class CaseChanged(ZhichengError):
    """Somebody else acted on the case after the page was opened."""

    code = "cases.changed"
    kind = ErrorKind.CONFLICT
    message = "工单 {number} 刚刚有了新的进展。请刷新页面，看过之后再操作；您填写的内容没有丢失。"


class ProcessUnknown(ZhichengError):
    """The installed pack has no such process."""

    code = "cases.process_unknown"
    kind = ErrorKind.UNAVAILABLE
    message = "当前城市包里没有「{process}」流程，请联系系统管理员。"


class MigrationRefused(ZhichengError):
    """Running cases cannot be moved to another process; `misfits` lists those that do not fit."""

    code = "cases.migration_refused"
    kind = ErrorKind.UNPROCESSABLE
    message = "没有迁移任何工单：{why}。"

    def __init__(self, why: str, misfits: Sequence[Any] = ()) -> None:
        self.misfits = tuple(misfits)
        super().__init__(why=why)

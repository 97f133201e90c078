"""The one error family: a stable code, a kind that the edge maps to a status, and a text for people.

Subclasses live beside the function that raises them. No HTTP here: `web` and the API render errors.
"""

from enum import Enum
from typing import Any, ClassVar


class ErrorKind(Enum):
    """What went wrong, in the caller's terms; the value is the matching HTTP status."""

    INVALID = 400
    UNAUTHENTICATED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    CONFLICT = 409
    GONE = 410
    TOO_LARGE = 413
    UNSUPPORTED = 415
    UNPROCESSABLE = 422
    RATE_LIMITED = 429
    UNAVAILABLE = 503
    FULL = 507


class ZhichengError(Exception):
    """Base of every error that a person may be shown.

    `message` is a Chinese template filled with the keyword data, and says what to do next.

    >>> class CaseClosed(ZhichengError):
    ...     code = "cases.closed"
    ...     kind = ErrorKind.CONFLICT
    ...     message = "工单 {number} 已经办结，不能再操作。"
    >>> str(CaseClosed(number="SZ1"))
    '工单 SZ1 已经办结，不能再操作。'
    """

    code: ClassVar[str] = "error"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID
    message: ClassVar[str] = "操作没有成功，请稍后再试。"
    retryable: ClassVar[bool] = False

    def __init__(self, **data: Any) -> None:
        self.data = data
        super().__init__(self.message.format_map(_Known(data)))


class FieldErrors(ZhichengError):
    """Several fields are wrong at once; `fields` maps a field name to the sentences beside it."""

    code = "invalid_fields"
    kind = ErrorKind.UNPROCESSABLE
    message = "有 {count} 处需要修改。"

    def __init__(self, fields: dict[str, list[str]]) -> None:
        self.fields = fields
        super().__init__(count=len(fields), fields=fields)


class _Known(dict[str, Any]):
    """Leaves an unknown placeholder visible instead of raising while an error is being raised."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"

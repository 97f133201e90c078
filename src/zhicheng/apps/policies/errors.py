"""What can go wrong with policies."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class PolicyUnknown(ZhichengError):
    """The library has no such document, or no such version of it."""

    code = "policies.unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这项政策，可能已经调整。请重新搜索。"


class ProfileNeedsAccount(ZhichengError):
    """A profile belongs to somebody."""

    code = "policies.needs_account"
    kind = ErrorKind.FORBIDDEN
    message = "请先登录，再填写情况、匹配政策。"

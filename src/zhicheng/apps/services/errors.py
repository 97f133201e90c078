"""What can go wrong with services."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class ServiceUnknown(ZhichengError):
    """The catalogue has no such item."""

    code = "services.service_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这个事项，可能已经调整。请重新搜索。"


class ThemeUnknown(ZhichengError):
    """The catalogue has no such theme."""

    code = "services.theme_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这个「一件事」主题，可能已经调整。请重新搜索。"

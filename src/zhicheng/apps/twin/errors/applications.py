"""Errors of the registry of twin applications."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class ApplicationUnknown(ZhichengError):
    """There is no such application."""

    code = "twin.application_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有这份应用档案，请从应用列表打开。"


class ApplicationsRefused(ZhichengError):
    """The actor may not change the registry."""

    code = "twin.applications_refused"
    kind = ErrorKind.FORBIDDEN
    message = "您没有管理应用档案的权限。需要的话，请向系统管理员申请。"


class ApplicationChangedMeanwhile(ZhichengError):
    """Somebody else changed it after it was shown."""

    code = "twin.application_changed"
    kind = ErrorKind.CONFLICT
    message = "这份档案刚被别人改过。请看过新的内容再改，您填的内容还在。"


class ApplicationRetired(ZhichengError):
    """A retired application is kept as it was."""

    code = "twin.application_retired"
    kind = ErrorKind.CONFLICT
    message = "这个应用已经退役，档案不能再改。"

"""What can go wrong with indicators."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class IndicatorUnknown(ZhichengError):
    """The installed pack defines no such indicator."""

    code = "governance.indicator_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有代码为“{code}”的指标。请在指标目录里查找。"


class RowsNotYours(ZhichengError):
    """The rows behind a value concern an area that the official does not look after."""

    code = "governance.rows_not_yours"
    kind = ErrorKind.FORBIDDEN
    message = "只能查看本辖区数据的明细。请选择本辖区内的区域。"


class PeriodMalformed(ZhichengError):
    """The words are no period of any step."""

    code = "governance.period_malformed"
    kind = ErrorKind.INVALID
    message = "“{period}”不是时段。请写 2026-11-23（日）、2026-11（月）或 2026-11-23T09（小时）。"


class ViewingSignedOut(ZhichengError):
    """Indicators are for officials who are signed in."""

    code = "governance.sign_in"
    kind = ErrorKind.UNAUTHENTICATED
    message = "请先登录，或带上有权查看指标的接口密钥。"


class ViewingRefused(ZhichengError):
    """Signed in, but without the permission to see indicators."""

    code = "governance.not_permitted"
    kind = ErrorKind.FORBIDDEN
    message = "您的账号没有查看指标的权限。如有需要，请联系本单位管理员。"

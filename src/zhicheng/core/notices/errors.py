"""What can go wrong in notices."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class MessageParameterMissing(ZhichengError):
    """A template names a placeholder for which the caller gave nothing."""

    code = "notices.parameter_missing"
    kind = ErrorKind.UNPROCESSABLE
    message = "消息模板 {template} 缺少参数 {name}，请补上参数或修改城市包中的 messages.yaml。"


class NotDelivered(ZhichengError):
    """A provider did not take a message. `may_retry` says whether trying again can help."""

    code = "notices.not_delivered"
    kind = ErrorKind.UNAVAILABLE
    message = "消息没有发出：{reason}"

    def __init__(self, reason: str, *, may_retry: bool = True) -> None:
        self.may_retry = may_retry
        super().__init__(reason=reason)

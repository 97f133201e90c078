"""What can go wrong with an appeal, beyond its case."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class ItemUnknown(ZhichengError):
    """No such leaf in the taxonomy."""

    code = "appeals.item_unknown"
    kind = ErrorKind.UNPROCESSABLE
    message = "没有「{item}」这个诉求事项，请从列表里选择。"


class FollowCodeInAddress(ZhichengError):
    """A follow code came in the query string: addresses are kept in logs and histories, secrets must not be."""

    code = "appeals.follow_code_in_address"
    kind = ErrorKind.INVALID
    message = "查询码不能写在地址里，地址会被记录下来。请放进请求头 X-Follow-Code；这个查询码请不要再以这种方式发送。"


class AlreadySupported(ZhichengError):
    """The person has already said that they have the same problem."""

    code = "appeals.already_supported"
    kind = ErrorKind.CONFLICT
    message = "您已经为这件诉求加过一次，不用重复提交。"

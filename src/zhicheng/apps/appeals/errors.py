"""What can go wrong with an appeal, beyond its case."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class ItemUnknown(ZhichengError):
    """No such leaf in the taxonomy."""

    code = "appeals.item_unknown"
    kind = ErrorKind.UNPROCESSABLE
    message = "没有「{item}」这个诉求事项，请从列表里选择。"


class AlreadySupported(ZhichengError):
    """The person has already said that they have the same problem."""

    code = "appeals.already_supported"
    kind = ErrorKind.CONFLICT
    message = "您已经为这件诉求加过一次，不用重复提交。"

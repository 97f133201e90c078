"""Errors of commands in words."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class CommandRefused(ZhichengError):
    """The asker may not see the table, or the command's kind of people may not act."""

    code = "twin.command_refused"
    kind = ErrorKind.FORBIDDEN
    message = "您没有{what}的权限。需要的话，请向系统管理员申请。"


class CommandUnusable(ZhichengError):
    """A command that came as data names what does not exist, or cannot be run as it is."""

    code = "twin.command_unusable"
    kind = ErrorKind.UNPROCESSABLE
    message = "这个查询不能执行：{why}"


class CommandDataMissing(ZhichengError):
    """The table holds nothing yet."""

    code = "twin.command_data_missing"
    kind = ErrorKind.NOT_FOUND
    message = "“{what}”还没有数据。"


class QuestionUnknown(ZhichengError):
    """A saved question that is not there, or belongs to somebody else."""

    code = "twin.question_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有这个订阅，可能已经取消。"

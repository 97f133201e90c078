"""What can go wrong with conversations."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class ConversationNotFound(ZhichengError):
    """There is no such conversation, or it is somebody else's: both look alike from outside."""

    code = "assistant.conversation_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这次对话，可能已经过期。请重新提问。"


class TurnNotFound(ZhichengError):
    """The conversation has no such answer."""

    code = "assistant.turn_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这条回答，请刷新页面。"


class ConversationBusy(ZhichengError):
    """Two questions of one conversation came at once and met again when they were tried anew."""

    code = "assistant.busy"
    kind = ErrorKind.CONFLICT
    message = "上一个问题还在回答，请稍等再发。"
    retryable = True


class ModelUnknown(ZhichengError):
    """A chat client asks for a model that is not ours."""

    code = "model_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有模型 {model}，可用的是 shenxiaoi。"


class NotAtCallDesk(ZhichengError):
    """Only who takes calls is helped with calls."""

    code = "assistant.not_at_call_desk"
    kind = ErrorKind.FORBIDDEN
    message = "只有接听来电的坐席可以使用。"


class NotReady(ZhichengError):
    """There is no index yet, or nothing is in it."""

    code = "assistant.not_ready"
    kind = ErrorKind.UNAVAILABLE
    message = "知识库正在准备，请稍后再问，或拨打政务热线。"
    retryable = True

"""Why a model did not answer. Whoever asks has an answer without it."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class ModelNotConfigured(ZhichengError):
    """The city has no such model."""

    code = "inference.not_configured"
    kind = ErrorKind.UNAVAILABLE
    message = "没有配置大模型服务。"


class ModelFailed(ZhichengError):
    """The model is slow, down, refuses, or says what nobody can read; `outcome` tells which."""

    code = "inference.failed"
    kind = ErrorKind.UNAVAILABLE
    message = "大模型服务暂时不可用，已改用本地回答。"
    retryable = True

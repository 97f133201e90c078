"""What can go wrong with disclosure, beyond its case."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class DisclosureNotOffered(ZhichengError):
    """The pack of this city has no terms of disclosure."""

    code = "disclosure.not_offered"
    kind = ErrorKind.NOT_FOUND
    message = "本市还没有开通网上依申请公开，请到政府信息公开查阅点办理。"


class ConsultationRefused(ZhichengError):
    """The request is not where opinions may be asked."""

    code = "disclosure.consultation_refused"
    kind = ErrorKind.CONFLICT
    message = "公开申请现在是「{state}」，不能征求意见。请刷新页面查看最新进展。"

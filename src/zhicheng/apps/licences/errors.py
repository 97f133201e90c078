"""What can go wrong with a licence."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class LicenceNotFound(ZhichengError):
    """There is none with this number, or it is not for this person to see: nobody can tell which."""

    code = "licences.not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这本证照。请核对证照编号；如果是别人的证照，请由持有人本人出示。"


class LicenceTypeUnknown(ZhichengError):
    """The installed pack has no such type of licence."""

    code = "licences.type_unknown"
    kind = ErrorKind.UNPROCESSABLE
    message = "本市没有「{type}」这种证照，请从证照目录中选择。"


class LicenceIncomplete(ZhichengError):
    """A field of the licence is missing, unknown or too long."""

    code = "licences.incomplete"
    kind = ErrorKind.UNPROCESSABLE
    message = "「{type}」还不能签发：{detail}"


class LicenceNotInForce(ZhichengError):
    """Something was to be done with a licence that is no longer, or not now, in force."""

    code = "licences.not_in_force"
    kind = ErrorKind.CONFLICT
    message = "这本证照{state}，不能{act}。"


class LicenceActNotPermitted(ZhichengError):
    """The official lacks the permission for this act on a licence of this unit."""

    code = "licences.not_permitted"
    kind = ErrorKind.FORBIDDEN
    message = "您没有{act}的权限。如有需要，请联系发证单位负责人。"


class LicenceReasonMissing(ZhichengError):
    """An act on somebody's licence needs a reason or purpose, which is recorded."""

    code = "licences.reason_missing"
    kind = ErrorKind.UNPROCESSABLE
    message = "请写明{what}，会记入操作账本。"


class IssuerKeyMissing(ZhichengError):
    """The city's issuing key is not there, though licences were signed with it."""

    code = "licences.issuer_key_missing"
    kind = ErrorKind.UNAVAILABLE
    message = "找不到证照签发密钥，请从密钥备份中恢复后再试。"

"""What can go wrong with parties and accounts. Each sentence says what to do next."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class InvalidIdentifier(ZhichengError):
    """An ID number, company code or telephone number that cannot be right; `reason` is the sentence."""

    code = "parties.invalid_identifier"
    kind = ErrorKind.UNPROCESSABLE
    message = "{reason}"


class PersonalDataUnreadable(ZhichengError):
    """A sealed field does not open: its key is missing, or the row was tampered with."""

    code = "parties.personal_data_unreadable"
    kind = ErrorKind.UNAVAILABLE
    message = "个人信息暂时无法读取，请联系管理员检查密钥目录。"


class PartyNotFound(ZhichengError):
    """There is no such party."""

    code = "parties.party_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这位当事人。"


class NotPermitted(ZhichengError):
    """The actor lacks the permission for this act."""

    code = "parties.not_permitted"
    kind = ErrorKind.FORBIDDEN
    message = "您没有权限{act}。"


class ManagingRefused(NotPermitted):
    """An administrator may not do this with this account; `reason` says who may."""

    code = "parties.managing_refused"
    message = "{reason}"


class PurposeMissing(ZhichengError):
    """Personal data was asked for without saying why."""

    code = "parties.purpose_missing"
    kind = ErrorKind.UNPROCESSABLE
    message = "请写明查看个人信息的用途。"


class ConsentNotFound(ZhichengError):
    """There is no such consent in force, or it is somebody else's."""

    code = "parties.consent_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这项同意，或者它已经撤回。请刷新页面再看。"


class IdentityNotMatching(ZhichengError):
    """The provider knows nobody with this name and ID number, or the one who asks is not that person."""

    code = "parties.identity_not_matching"
    kind = ErrorKind.UNPROCESSABLE
    message = "姓名和身份证号码对不上。请照身份证核对每一个字；刚改过姓名的，请过几天再试或者到窗口办理。"


class IdentityUnavailable(ZhichengError):
    """The provider of identity proofs does not answer."""

    code = "parties.identity_unavailable"
    kind = ErrorKind.UNAVAILABLE
    message = "实名核验服务现在没有答复，请过几分钟再试。没有实名也可以先提交申请，由工作人员审查。"
    retryable = True


class IdentityTaken(ZhichengError):
    """Another account is proven to be this person."""

    code = "parties.identity_taken"
    kind = ErrorKind.CONFLICT
    message = (
        "这个身份证号码已经在另一个账号实名。请用那个手机号登录；要换到这个账号，先在那个账号里解除实名；"
        "那个手机号已经不用的，请到政务服务窗口办理。"
    )


class IdentityFixed(ZhichengError):
    """A proven name or ID number is not changed by writing another one."""

    code = "parties.identity_fixed"
    kind = ErrorKind.CONFLICT
    message = "姓名和身份证号码已经实名核验，不能直接修改。请在“实名认证”里重新核验。"


class MembershipNotFound(ZhichengError):
    """There is no such membership in force, or it is somebody else's."""

    code = "parties.membership_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这项企业授权，可能已经收回或者到期。请刷新页面再看。"


class OutsideMandate(ZhichengError):
    """The company did not allow its agent this."""

    code = "parties.outside_mandate"
    kind = ErrorKind.FORBIDDEN
    message = "企业没有授权您{act}。需要办理的，请联系企业的法定代表人，或者切换到“本人”。"


class AccountNotFound(ZhichengError):
    """There is no such account, or it is of another kind."""

    code = "parties.account_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这个账号。"


class AccountDisabled(ZhichengError):
    """The account was switched off."""

    code = "parties.account_disabled"
    kind = ErrorKind.FORBIDDEN
    message = "这个账号已停用，请联系单位管理员。"


class LoginTaken(ZhichengError):
    """The login name belongs to someone."""

    code = "parties.login_taken"
    kind = ErrorKind.CONFLICT
    message = "登录名“{login}”已被使用，请换一个。"


class WeakPassword(ZhichengError):
    """The password breaks a rule; `reason` says which."""

    code = "parties.weak_password"
    kind = ErrorKind.UNPROCESSABLE
    message = "{reason}"


class GrantRefused(ZhichengError):
    """A role may not be granted or delegated so; `reason` says why."""

    code = "parties.grant_refused"
    kind = ErrorKind.FORBIDDEN
    message = "{reason}"


class GrantNotFound(ZhichengError):
    """There is no such grant, or it has ended."""

    code = "parties.grant_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这项授权，或者它已经结束。"


class CodeTooSoon(ZhichengError):
    """A code was sent less than a minute ago."""

    code = "parties.code_too_soon"
    kind = ErrorKind.RATE_LIMITED
    message = "验证码刚刚发出，请 {seconds} 秒后再试。"


class TooManyCodes(ZhichengError):
    """The number has had all its codes for the day."""

    code = "parties.too_many_codes"
    kind = ErrorKind.RATE_LIMITED
    message = "这个号码今天获取验证码的次数已用完，请明天再试，或者拨打热线。"


class CodeNotSent(ZhichengError):
    """The SMS provider did not take the message."""

    code = "parties.code_not_sent"
    kind = ErrorKind.UNAVAILABLE
    message = "验证码没有发送成功，请稍后再试。"
    retryable = True


class CodeWrong(ZhichengError):
    """The code is wrong, used, expired, or was tried too often: one answer for all."""

    code = "parties.code_wrong"
    kind = ErrorKind.UNPROCESSABLE
    message = "验证码不对或已失效。请核对短信；输错 5 次或超过 5 分钟，请重新获取。"


class SignInFailed(ZhichengError):
    """Login name, password or TOTP code is wrong, or the account is locked: one answer for all."""

    code = "parties.sign_in_failed"
    kind = ErrorKind.UNAUTHENTICATED
    message = "登录名、密码或动态口令不对，或者账号已锁定。连续输错 5 次会锁定 15 分钟。"


class TooManyAttempts(ZhichengError):
    """One network address failed too often."""

    code = "parties.too_many_attempts"
    kind = ErrorKind.RATE_LIMITED
    message = "尝试次数过多，请 15 分钟后再试。"


class ApiKeyInvalid(ZhichengError):
    """The API key is unknown, ended or revoked."""

    code = "parties.api_key_invalid"
    kind = ErrorKind.UNAUTHENTICATED
    message = "接口密钥无效或已停用。"

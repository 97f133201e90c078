"""What can go wrong with services."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class ServiceUnknown(ZhichengError):
    """The catalogue has no such item."""

    code = "services.service_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这个事项，可能已经调整。请重新搜索。"


class ThemeUnknown(ZhichengError):
    """The catalogue has no such theme."""

    code = "services.theme_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这个「一件事」主题，可能已经调整。请重新搜索。"


class ServiceNotOnline(ZhichengError):
    """The item or theme has no form: it is done at the window."""

    code = "services.not_online"
    kind = ErrorKind.CONFLICT
    message = "「{label}」还不能在线申请，请按办事指南到窗口办理。"


class NoDepartment(ZhichengError):
    """No living unit does what the item asks for."""

    code = "services.no_department"
    kind = ErrorKind.CONFLICT
    message = "暂时没有单位办理「{label}」，我们已经记录，请稍后再试或拨打政务热线。"


class SignInFirst(ZhichengError):
    """An application is made by somebody."""

    code = "services.sign_in"
    kind = ErrorKind.FORBIDDEN
    message = "请先登录再提交申请，已经填写的内容会保留。"


class ApplicationNotFound(ZhichengError):
    """The case is no application, or there is none."""

    code = "services.application_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这件申请。"


class ApplicantUnproven(ZhichengError):
    """A licence says who its holder is: it is issued to somebody proven only."""

    code = "services.applicant_unproven"
    kind = ErrorKind.CONFLICT
    message = "申请人还没有实名认证，不能签发电子证照。请先“一次性告知补正”，请申请人完成实名认证后再审批。"


class ForPersonsOnly(ZhichengError):
    """A company applies for what only a human being can apply for."""

    code = "services.for_persons_only"
    kind = ErrorKind.CONFLICT
    message = "「{label}」由个人申请，不能代表企业办理。请先在“代表谁办事”切换到“本人”。"

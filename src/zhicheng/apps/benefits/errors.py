"""What can go wrong with benefits."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class BenefitUnknown(ZhichengError):
    """The installed pack has no such benefit."""

    code = "benefits.unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有这项补贴，可能已经停发。请从补贴目录里选择。"


class RunNotFound(ZhichengError):
    """There is no such run."""

    code = "benefits.run_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这次测算。"


class EntitlementNotFound(ZhichengError):
    """There is none, or it is somebody else's: nobody can tell which."""

    code = "benefits.entitlement_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这笔补贴。"


class NothingToRun(ZhichengError):
    """A run needs at least one benefit of its audience."""

    code = "benefits.nothing_to_run"
    kind = ErrorKind.UNPROCESSABLE
    message = "请至少选择一项补贴。"


class OtherAudience(ZhichengError):
    """Benefits for others were chosen, or such as the pack does not have."""

    code = "benefits.other_audience"
    kind = ErrorKind.UNPROCESSABLE
    message = "这些补贴不是发给{audience}的：{labels}。请从选择中去掉，或另外测算。"


class RunNotReady(ZhichengError):
    """It is still being computed, it failed, or it was approved before."""

    code = "benefits.run_not_ready"
    kind = ErrorKind.CONFLICT
    message = "这次测算{state}，不能批准。"


class SecondPersonNeeded(ZhichengError):
    """Whoever planned a run cannot approve it."""

    code = "benefits.second_person"
    kind = ErrorKind.FORBIDDEN
    message = "测算由您发起，请由另一位有批准权限的同事核对后批准。"


class RunOutdated(ZhichengError):
    """Other grants were made since it was computed: it would not know of them."""

    code = "benefits.run_outdated"
    kind = ErrorKind.CONFLICT
    message = "测算之后又批准过另一次发放，结果已经过时。请重新测算后再批准。"


class NotPermitted(ZhichengError):
    """The official lacks the permission."""

    code = "benefits.not_permitted"
    kind = ErrorKind.FORBIDDEN
    message = "您没有{act}的权限。如有需要，请联系本单位管理员。"


class NothingToPay(ZhichengError):
    """No entitlement waits for payment."""

    code = "benefits.nothing_to_pay"
    kind = ErrorKind.CONFLICT
    message = "现在没有等待支付的补贴。"


class BatchNotFound(ZhichengError):
    """There is no such batch."""

    code = "benefits.batch_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这个批次。"


class ReturnRefused(ZhichengError):
    """The bank's return file is wrong somewhere: nothing of it was taken. `faults` lists all that is wrong."""

    code = "benefits.return_refused"
    kind = ErrorKind.UNPROCESSABLE
    message = "回盘文件有 {count} 处不对，整份没有入账。第一处：{first}"


class PaymentNotFound(ZhichengError):
    """There is no such failed payment."""

    code = "benefits.payment_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这笔失败或退回的支付，可能已经更正过。"


class IdentityNeeded(ZhichengError):
    """Without a verified ID number nobody knows which row of the register is theirs."""

    code = "benefits.identity_needed"
    kind = ErrorKind.UNPROCESSABLE
    message = "请先在“我的账号”里完成实名，才能查看属于您的补贴。"

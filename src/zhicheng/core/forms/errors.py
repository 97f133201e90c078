"""What can go wrong with forms, drafts and materials. Each sentence says what to do next."""

from zhicheng.kit.errors import ErrorKind, ZhichengError


class FormUnknown(ZhichengError):
    """The installed pack has no such form, or the form has no such section."""

    code = "forms.unknown"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这张表单，请从办事指南重新进入。"


class DraftNotFound(ZhichengError):
    """There is no such draft, it has expired, or it is somebody else's: all look alike from outside."""

    code = "forms.draft_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这份草稿。它可能已过期，或属于别人；请登录后再看，或重新填写。"


class DraftChanged(ZhichengError):
    """The draft was saved elsewhere after this page was opened."""

    code = "forms.draft_changed"
    kind = ErrorKind.CONFLICT
    message = "这份草稿刚刚在另一个页面或设备上改过。请核对下面的内容后再保存；您填写的内容没有丢失。"


class DraftSubmitted(ZhichengError):
    """The draft has been submitted already; `submission` and `subject` say as what."""

    code = "forms.draft_submitted"
    kind = ErrorKind.CONFLICT
    message = "这张表单已经提交，不需要再交一次。请到“我的办件”查看进度。"


class TooManyDrafts(ZhichengError):
    """One owner keeps too many drafts."""

    code = "forms.too_many_drafts"
    kind = ErrorKind.CONFLICT
    message = "您已有 {count} 份没有提交的草稿，请先提交或删除几份。"


class FormTooLarge(ZhichengError):
    """More text than a form may carry."""

    code = "forms.too_large"
    kind = ErrorKind.TOO_LARGE
    message = "填写的内容太多，请删减到 {limit_kb} KB 以内再保存。"


class SubmissionNotFound(ZhichengError):
    """There is no such submission."""

    code = "forms.submission_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这份申请表，请核对后再试。"


class SourceFailed(ZhichengError):
    """A prefill source cannot answer now: the one error that a source may raise. `reason` is a sentence for people."""

    code = "forms.source_failed"
    kind = ErrorKind.UNAVAILABLE
    message = "{reason}"
    retryable = True


class ConsentMissing(ZhichengError):
    """A source was asked without the person's consent."""

    code = "forms.consent_missing"
    kind = ErrorKind.FORBIDDEN
    message = "还没有同意从“{label}”取用信息，请先同意，或者自己填写。"


class MaterialRefused(ZhichengError):
    """The file cannot be taken; `why` says what to do."""

    code = "forms.material_refused"
    kind = ErrorKind.UNPROCESSABLE
    message = "{why}"


class MaterialNotFound(ZhichengError):
    """There is no such file, or it does not concern this person."""

    code = "forms.material_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有找到这份材料，请重新上传。"

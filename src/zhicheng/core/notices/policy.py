"""Pure rules of notices: placeholders, rendering, back-off."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from zhicheng.core.notices.errors import MessageParameterMissing
from zhicheng.core.notices.values import MAX_SMS_LENGTH, MessageTemplate

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=5)  # a message whose sender died is tried again after this time

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def template_problems(text: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a template's text: (code, sentence) for each problem.

    >>> list(template_problems("工单 {number} 已由 {unt} 受理", {"number", "unit"}))
    [('message.placeholder', '不认识的占位符 {unt}。')]
    >>> list(template_problems("工单 {number 已受理", {"number"}))
    [('message.brace', '大括号没有成对，或里面不是小写英文名称。')]
    """
    for name in dict.fromkeys(_PLACEHOLDER.findall(text)):
        if name not in known:
            yield "message.placeholder", f"不认识的占位符 {{{name}}}。"
    if set("{}") & set(_PLACEHOLDER.sub("", text)):
        yield "message.brace", "大括号没有成对，或里面不是小写英文名称。"


def render_line(template: MessageTemplate, text: str, params: Mapping[str, str]) -> str:
    """A text of the template in one line, for titles and SMS: line breaks in parameters become spaces.

    Raises:
        MessageParameterMissing: the text names a parameter that was not given.
    """
    return " ".join(render(template, text, params).split())


def render(template: MessageTemplate, text: str, params: Mapping[str, str]) -> str:
    """A text of the template with its placeholders filled. What a parameter holds is never read as a placeholder.

    Raises:
        MessageParameterMissing: the text names a parameter that was not given.
    """

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in params:
            raise MessageParameterMissing(template=template.code, name=name)
        return params[name]

    return _PLACEHOLDER.sub(fill, text)


def fit_sms(text: str) -> str:
    """A rendered SMS within the limit: a long parameter is cut off at the end, with an ellipsis.

    >>> len(fit_sms("路" * 600))
    500
    """
    return text if len(text) <= MAX_SMS_LENGTH else text[: MAX_SMS_LENGTH - 1] + "…"


def retry_at(now: datetime, attempts: int) -> datetime:
    """When to send again after a failure: 30 s doubling, at most one hour."""
    return now + timedelta(seconds=min(15 * 2**attempts, 3_600))

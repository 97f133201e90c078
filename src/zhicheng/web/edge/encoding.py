"""Input that cannot be read: another encoding than UTF-8 would be kept as gibberish, NUL cannot be kept at all."""

from urllib.parse import unquote_to_bytes

from django.http import HttpRequest

from zhicheng.kit.errors import ErrorKind, ZhichengError

_FORM = "application/x-www-form-urlencoded"


class Unreadable(ZhichengError):
    """Bytes that are not UTF-8, or a character that no text has."""

    code = "edge.unreadable"
    kind = ErrorKind.INVALID
    message = "提交的内容读不出来：文字应是 UTF-8 编码，不能有空字符。没有保存，请重新输入后再提交。"


def check_encoding(request: HttpRequest) -> None:
    """Refuse an address with NUL in it, and a form that is not UTF-8; fields clean themselves of the rest.

    Raises:
        Unreadable: one of them.
    """
    if "\x00" in request.path or b"\x00" in unquote_to_bytes(request.META.get("QUERY_STRING", "")):
        raise Unreadable()
    if request.method != "POST" or request.content_type != _FORM:
        return
    try:
        unquote_to_bytes(request.body).decode()
    except UnicodeDecodeError:
        raise Unreadable() from None

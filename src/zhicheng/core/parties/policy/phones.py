"""Telephone numbers of the mainland, Hong Kong and Macau: read as people type them, kept in one form.

Source: 电信网编号计划（2017 年版）; OFCA and CTT numbering plans for +852 and +853.
"""

import re
import unicodedata

from zhicheng.core.parties.errors import InvalidIdentifier

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([2-8][0-9]{6,7})")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_ABROAD = re.compile(r"\+(852[2-9][0-9]{7}|853[268][0-9]{7})")


def parse_mobile(text: str) -> str:
    """Read a mainland mobile number; the answer is eleven digits.

    Raises:
        InvalidIdentifier: it is not one.

    >>> parse_mobile("+86 138-0013-8000")
    '13800138000'
    """
    number = _digits(text)
    if not _MOBILE.fullmatch(number):
        raise InvalidIdentifier(reason="请填写 11 位手机号码，例如 13800138000。")
    return number


def parse_phone(text: str) -> str:
    """Read a mobile, landline, 400/800, Hong Kong or Macau number.

    A landline is kept as area code, hyphen, number; Hong Kong and Macau with +852 or +853.

    Raises:
        InvalidIdentifier: it is none of these.

    >>> parse_phone("(0755) 8812 3456")
    '0755-88123456'
    >>> parse_phone("00852 9123 4567")
    '+85291234567'
    """
    number = _digits(text)
    if _MOBILE.fullmatch(number) or _SERVICE.fullmatch(number) or _ABROAD.fullmatch(number):
        return number
    if found := _LANDLINE.fullmatch(number):
        return f"{found[1]}-{found[2]}"
    if re.fullmatch(r"[2-8][0-9]{6,7}", number):
        raise InvalidIdentifier(reason="固定电话请加上区号，例如 0755-88123456。")
    raise InvalidIdentifier(
        reason="电话号码不对。请填写 11 位手机号码，或者带区号的固定电话；港澳号码请以 +852、+853 开头。"
    )


def _digits(text: str) -> str:
    number = re.sub(r"[\s()\-‐-―.]", "", unicodedata.normalize("NFKC", text))
    number = re.sub(r"^00(?=85[23]|86)", "+", number)
    if number.startswith("+86"):
        number = number.removeprefix("+86")
        if re.match(r"10|2[0-9]|[3-9][0-9]{2}", number) and not _MOBILE.fullmatch(number):
            number = "0" + number.removeprefix("0")
    return number

"""Checks of ID numbers and company codes: structure, date, check character. Whether one was issued is not known here.

Source: GB 11643-1999 (citizen identification number), GB 32100-2015 (unified social credit code),
ISO 7064 MOD 11-2 and MOD 31-3.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from zhicheng.core.parties.errors import InvalidIdentifier

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_RESIDENT_PERMITS = frozenset(("810000", "820000", "830000"))  # holders from Hong Kong, Macau, Taiwan
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@dataclass(frozen=True)
class IdNumber:
    """A citizen's or permit holder's number, 18 characters, with what can be read from it.

    `holder` is `citizen`, `resident_permit` (港澳台居民居住证) or `foreign_resident` (外国人永久居留身份证).
    """

    number: str
    birth_date: date
    holder: str

    @property
    def is_female(self) -> bool:
        """The seventeenth digit is even."""
        return int(self.number[16]) % 2 == 0


def parse_id_number(text: str, *, today: date) -> IdNumber:
    """Read an ID number of 18 or (old) 15 characters; the answer always has 18.

    Raises:
        InvalidIdentifier: length, region, date or check character is wrong; the sentence says which.
    """
    number = _plain(text).upper()
    if re.fullmatch(r"[0-9]{15}", number):
        number = number[:6] + "19" + number[6:]
        number += id_check_character(number)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise InvalidIdentifier(reason="身份证号码应为 18 位，最后一位可以是字母 X。请对照证件检查。")
    holder = _holder(number)
    birth_date = _birth_date(number, today)
    if id_check_character(number) != number[17]:
        raise InvalidIdentifier(reason="身份证号码有一位不对（校验码不符），请对照证件检查。")
    return IdNumber(number, birth_date, holder)


def id_check_character(number: str) -> str:
    """The eighteenth character for the first seventeen digits (ISO 7064 MOD 11-2).

    >>> id_check_character("11010519491231002")
    'X'
    """
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False)) % 11]


def parse_uscc(text: str) -> str:
    """Read a unified social credit code.

    Raises:
        InvalidIdentifier: length, characters or check character is wrong.
    """
    code = _plain(text).upper()
    if len(code) != 18:
        raise InvalidIdentifier(reason="统一社会信用代码应为 18 位，请对照营业执照检查。")
    if any(character not in _USCC_ALPHABET for character in code):
        raise InvalidIdentifier(reason="统一社会信用代码只含数字和大写字母，没有 I、O、S、V、Z。")
    if not code[2:8].isdigit() or uscc_check_character(code) != code[17]:
        raise InvalidIdentifier(reason="统一社会信用代码有一位不对（校验码不符），请对照营业执照检查。")
    return code


def uscc_check_character(code: str) -> str:
    """The eighteenth character for the first seventeen (ISO 7064 MOD 31-3).

    >>> uscc_check_character("91350100M000100Y4")
    '3'
    """
    total = sum(
        _USCC_ALPHABET.index(character) * weight for character, weight in zip(code, _USCC_WEIGHTS, strict=False)
    )
    return _USCC_ALPHABET[-total % 31]


def _holder(number: str) -> str:
    if number[0] == "9":
        region, holder = number[1:3], "foreign_resident"
    elif number[:6] in _RESIDENT_PERMITS:
        region, holder = number[:2], "resident_permit"
    else:
        region, holder = number[:2], "citizen"
    if not _PROVINCES.fullmatch(region):
        raise InvalidIdentifier(reason="身份证号码开头的地区代码不存在，请对照证件检查。")
    return holder


def _birth_date(number: str, today: date) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise InvalidIdentifier(reason="身份证号码里的出生日期不存在，请对照证件检查。") from None
    if not today.year - 130 <= born.year or born > today:
        raise InvalidIdentifier(reason="身份证号码里的出生日期不合理，请对照证件检查。")
    return born


def _plain(text: str) -> str:
    """Half-width, without the blanks and hyphens that people type between groups."""
    return re.sub(r"[\s\-‐-―]", "", unicodedata.normalize("NFKC", text))

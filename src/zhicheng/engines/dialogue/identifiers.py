"""Numbers that name people and companies, as they are typed: with blanks, dots, a small x, or one digit wrong.

Whether a number was ever issued is not known here. The check digits are those of `core.parties`, which engines may
not ask.

Source: GB 11643-1999 (citizen identification number), GB 32100-2015 (unified social credit code).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_REGION = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_RUN = re.compile(r"\+?[0-9A-Za-z]+(?:[ \t.\-·/()（）]{1,2}[0-9A-Za-z]+)*")
_PIECE = re.compile(r"[0-9A-Za-z]+")
_MOBILE = re.compile(r"(?:0?086|86)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([2-8][0-9]{6,7})")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_ABROAD = re.compile(r"(?:00)?(852[2-9][0-9]{7}|853[268][0-9]{7})")
_EMAIL = re.compile(r"[A-Za-z0-9_.+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_MOST_PIECES = 7
ID_NUMBER, PHONE, USCC, EMAIL, CODE = "id_number", "phone", "uscc", "email", "code"


@dataclass(frozen=True)
class Identifier:
    """Something found in a text; `fault` says in a sentence why it cannot be right."""

    kind: str
    value: str
    start: int
    end: int
    fault: str = ""


def find_identifiers(text: str, today: date) -> list[Identifier]:
    """ID numbers, telephones, company codes, e-mail addresses and other codes, from left to right.

    >>> found = find_identifiers("身份证 110105 19491231 002x，电话138-0013-8000", date(2026, 1, 1))
    >>> [(one.kind, one.value) for one in found]
    [('id_number', '11010519491231002X'), ('phone', '13800138000')]
    """
    found = [Identifier(EMAIL, one[0], one.start(), one.end()) for one in _EMAIL.finditer(text)]
    spans = [(one.start, one.end) for one in found]
    for run in _RUN.finditer(text):
        if not any(start < run.end() and run.start() < end for start, end in spans):
            pieces = [(one[0], run.start() + one.start()) for one in _PIECE.finditer(run[0])]
            found += _read_run(pieces, today)
    return sorted(found, key=lambda one: one.start)


def _read_run(pieces: list[tuple[str, int]], today: date) -> Iterator[Identifier]:
    place = 0
    while place < len(pieces):
        readings = list(_join(pieces[place : place + _MOST_PIECES], today))
        best = next((one for one in readings if not one[1].fault), readings[0] if readings else None)
        if best is not None:
            yield best[1]
        else:
            yield from _read_piece(*pieces[place], today)
        place += best[0] if best else 1


def _join(pieces: list[tuple[str, int]], today: date) -> Iterator[tuple[int, Identifier]]:
    """What the first one, two, three … pieces are together, with how many they are."""
    joined = ""
    for count, (piece, start) in enumerate(pieces, 1):
        joined += piece
        kind, value, fault = classify(joined, today)
        if kind in {ID_NUMBER, PHONE, USCC}:
            yield count, Identifier(kind, value, pieces[0][1], start + len(piece), fault)


def _read_piece(piece: str, start: int, today: date) -> Iterator[Identifier]:
    """One piece that is nothing by itself: an ID number and a telephone without a gap, or another code."""
    if len(piece) == 29 and piece[:28].isdigit():
        for cut in (18, 11):
            one, other = classify(piece[:cut], today), classify(piece[cut:], today)
            if {one[0], other[0]} == {ID_NUMBER, PHONE} and not one[2] + other[2]:
                yield Identifier(*one[:2], start, start + cut)
                yield Identifier(*other[:2], start + cut, start + 29)
                return
    if len(piece) >= 5 and any(map(str.isdigit, piece)):
        yield Identifier(CODE, piece, start, start + len(piece))


def classify(joined: str, today: date) -> tuple[str, str, str]:
    """The kind, the plain form and the fault of letters and figures without gaps."""
    plain = joined.upper()
    phone = read_phone(plain)
    if phone:
        return PHONE, phone, ""
    if re.fullmatch(r"[0-9]{17}[0-9X]", plain):
        fault = id_fault(plain, today)
        if fault and uscc_is_right(plain):
            return USCC, plain, ""
        return ID_NUMBER, plain, fault
    if re.fullmatch(r"[0-9A-Z]{18}", plain) and re.match(r"[1-9ANY][1-9][0-9]{6}", plain):
        fault = "" if uscc_is_right(plain) else "统一社会信用代码有一位不对（校验码不符），请对照营业执照检查。"
        return USCC, plain, fault
    return CODE, plain, ""


def read_phone(plain: str) -> str:
    """A telephone number in its stored form; nothing where it is none.

    >>> read_phone("075588123456"), read_phone("85291234567"), read_phone("12345")
    ('0755-88123456', '+85291234567', '')
    """
    if found := _MOBILE.fullmatch(plain):
        return found[1]
    if found := _LANDLINE.fullmatch(plain):
        return f"{found[1]}-{found[2]}"
    if found := _ABROAD.fullmatch(plain):
        return f"+{found[1]}"
    return plain if _SERVICE.fullmatch(plain) else ""


def id_fault(number: str, today: date) -> str:
    """What is wrong with an ID number of 18 characters, as a sentence.

    >>> id_fault("11010519491231002X", date(2026, 1, 1)), id_fault("110105194912310021", date(2026, 1, 1))[:9]
    ('', '身份证号码有一位不')
    """
    region = number[1:3] if number[0] == "9" else number[:2]
    if not _REGION.fullmatch(region):
        return "身份证号码开头的地区代码不存在，请对照证件检查。"
    born = birth_date_of(number)
    if born is None or not today.year - 130 <= born.year or born > today:
        return "身份证号码里的出生日期不合理，请对照证件检查。"
    if check_character(number) != number[17]:
        return "身份证号码有一位不对（校验码不符），请对照证件检查。"
    return ""


def birth_date_of(number: str) -> date | None:
    """The day of birth within an ID number of 18 characters."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex_of(number: str) -> str:
    """`male` or `female` by the seventeenth digit of an ID number; nothing where it is none."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return ""
    return "male" if int(number[16]) % 2 else "female"


def check_character(number: str) -> str:
    """The eighteenth character for the first seventeen (ISO 7064 MOD 11-2).

    >>> check_character("11010519491231002")
    'X'
    """
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11]


def uscc_is_right(code: str) -> bool:
    """Whether letters and check character of a company code fit (ISO 7064 MOD 31-3).

    >>> uscc_is_right("91350100M000100Y43"), uscc_is_right("91350100M000100Y44")
    (True, False)
    """
    if len(code) != 18 or any(character not in _USCC_ALPHABET for character in code) or not code[2:8].isdigit():
        return False
    pairs = zip(code, _USCC_WEIGHTS, strict=False)
    total = sum(_USCC_ALPHABET.index(character) * weight for character, weight in pairs)
    return _USCC_ALPHABET[-total % 31] == code[17]

"""Reading what an officer types into a line of a licence: the words that will stand there, or what is wrong."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from zhicheng.apps.licences.values import VALID_UNTIL, LicenceField
from zhicheng.core.parties.errors import InvalidIdentifier
from zhicheng.core.parties.public import parse_id_number, parse_uscc
from zhicheng.kit.texts import clean_text

_LONGEST = 300
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


def read_line(line: LicenceField, raw: str, *, today: date) -> str:
    """A typed value in the words of the licence; a last day stays an ISO date. Nothing for one that may be left out.

    Raises:
        ValueError: it is missing or cannot be right; the sentence is for the officer.
    """
    text = clean_text(raw)
    if text:
        return _READERS[line.type](line, text, today)
    if line.required:
        raise ValueError(f"请{'选择' if line.type == 'choice' else '填写'}{line.label}")
    return ""


def day_words(day: date) -> str:
    """A day as licences say it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _text(line: LicenceField, text: str, _today: date) -> str:
    if len(text) > _LONGEST:
        raise ValueError(f"{line.label}不能超过 {_LONGEST} 个字，现在是 {len(text)} 个")
    return text


def _date(line: LicenceField, text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise ValueError(f"{line.label}要写成日期，例如 {today}") from None
    if line.code != VALID_UNTIL.code:
        return day_words(day)
    if day < today:
        raise ValueError(f"{line.label}不能早于今天（{today}）")
    return day.isoformat()


def _number(line: LicenceField, text: str, _today: date) -> str:
    plain = text.replace(",", "").replace("，", "")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"{line.label}要填数字，最多两位小数")
    return f"{plain} {line.unit}".strip()


def _choice(line: LicenceField, text: str, _today: date) -> str:
    if text not in line.choices:
        raise ValueError(f"{line.label}不在可选范围内")
    return text


def _id_number(_line: LicenceField, text: str, today: date) -> str:
    return _identifier(lambda: parse_id_number(text, today=today).number)


def _uscc(_line: LicenceField, text: str, _today: date) -> str:
    return _identifier(lambda: parse_uscc(text))


def _identifier(parse: Callable[[], str]) -> str:
    try:
        return parse()
    except InvalidIdentifier as error:
        raise ValueError(str(error)) from None


_READERS: Mapping[str, Callable[[LicenceField, str, date], str]] = {
    "text": _text,
    "date": _date,
    "number": _number,
    "choice": _choice,
    "id_number": _id_number,
    "uscc": _uscc,
}

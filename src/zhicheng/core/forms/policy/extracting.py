"""From lines of text to what a document says: by the printed captions of each kind of document.

Only what is clearly there is taken; a caption without a readable value gives nothing. Layouts follow the national
forms (居民身份证、户口簿、结婚证、学历证书、营业执照、出生医学证明).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from zhicheng.core.forms.values import Reading

_DATE = re.compile(r"(\d{4})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*日?")
_ID = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")
_USCC = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NP-RTUWXY]{18}(?![0-9A-Z])")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,20}")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")

# reader → field → captions, longest first where one begins another
_CAPTIONS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "id_card": {
        "name": ("姓名",),
        "sex": ("性别",),
        "birth_date": ("出生",),
        "address": ("住址",),
        "number": ("公民身份号码", "身份号码"),
        "valid_until": ("有效期限",),
    },
    "household": {
        "name": ("姓名",),
        "number": ("公民身份证件编号", "公民身份号码", "身份证件编号"),
        "birth_date": ("出生日期",),
        "address": ("住址",),
        "relation": ("户主或与户主关系", "与户主关系"),
    },
    "marriage": {
        "name": ("姓名",),
        "number": ("身份证件号",),
        "registered_date": ("登记日期",),
    },
    "diploma": {
        "name": ("姓名", "学生", "研究生"),
        "number": ("证书编号",),
        "major": ("专业:",),
        "school": ("校名", "学校名称"),
        "level": ("层次", "学历"),
        "graduated_date": ("毕业日期", "毕业时间"),
        "birth_date": ("出生日期",),
    },
    "business_licence": {
        "name": ("名称",),
        "number": ("统一社会信用代码",),
        "representative": ("法定代表人", "经营者", "负责人"),
        "address": ("住所", "经营场所"),
        "founded_date": ("成立日期", "注册日期"),
        "capital": ("注册资本",),
    },
    "birth_certificate": {
        "name": ("新生儿姓名",),
        "number": ("编号",),
        "birth_date": ("出生时间", "出生日期"),
        "mother": ("母亲姓名",),
        "father": ("父亲姓名",),
    },
    "generic": {"name": ("姓名", "名称"), "number": ("身份证号码", "证件号码", "编号"), "date": ("日期",)},
}
_DATES = frozenset({"birth_date", "registered_date", "graduated_date", "founded_date", "date", "valid_until"})
_NAMES = frozenset({"name", "partner", "mother", "father", "representative"})


def extract(reader: str, lines: Iterable[tuple[str, float]]) -> Reading:
    """What the lines of a document say, in the fields of a reader.

    `confidence` is the mean of the lines that were used, 0 where none was: then nothing can contradict a form.

    Raises:
        KeyError: there is no such reader.
    """
    read = [(_normal(text), confidence) for text, confidence in lines if text.strip()]
    texts = [text for text, _ in read]
    found = {field: value for field, captions in _CAPTIONS[reader].items() if (value := _find(field, captions, texts))}
    found |= _SPECIAL.get(reader, _nothing)(texts, found)
    known = [confidence for text, confidence in read if any(_squeeze(v) in _squeeze(text) for v in found.values())]
    dates = {field: value for field, value in found.items() if field in _DATES}
    return Reading(
        type=reader,
        name=found.get("name", ""),
        number=found.get("number", ""),
        dates=dates,
        fields=found,
        lines=tuple(texts[:200]),
        confidence=round(_mean(known or [confidence for _, confidence in read]), 3) if found else 0.0,
    )


def find_date(text: str) -> str:
    """The first day in a text as ISO text, in digits or in Chinese numerals; "" where there is none.

    >>> find_date("出生 1990 年 3 月 7 日"), find_date("二〇一二年六月三十日"), find_date("长期")
    ('1990-03-07', '2012-06-30', '')
    """
    match = _DATE.search(text) or _DATE.search(_arabic(text))
    if match is None:
        return ""
    try:
        return date(*(int(part) for part in match.groups())).isoformat()
    except ValueError:
        return ""


def _arabic(text: str) -> str:
    """Dates in Chinese numerals in digits: 二〇一二年六月三十日 → 2012年6月30日."""
    text = re.sub(r"([一二三四五六七八九])?十([一二三四五六七八九])?", _tens, text)
    return text.translate(_DIGITS)


def _tens(match: re.Match[str]) -> str:
    return f"{match[1] or '一'}{match[2] or '零'}"


def _find(field: str, captions: Sequence[str], texts: Sequence[str]) -> str:
    """The value behind a caption: on the same line, or on the next one where the caption stands alone."""
    for caption in captions:
        spaced = r"\s*".join(map(re.escape, caption))
        for index, text in enumerate(texts):
            match = re.search(spaced + r"\s*[:：]?\s*(.*)$", text)
            if match is None or (field in _NAMES and _is_inside_word(text, match.start())):
                continue
            value = _value(field, match[1]) or _value(field, texts[index + 1] if index + 1 < len(texts) else "")
            if value:
                return value
    return ""


def _is_inside_word(text: str, start: int) -> bool:
    """Whether a caption is the end of a longer one: 新生儿姓名 is no 姓名."""
    return start > 0 and "\u4e00" <= text[start - 1] <= "\u9fff"


def _value(field: str, text: str) -> str:
    text = text.strip(" :：，,。")
    if field in _DATES:
        return find_date(text)
    if field in {"number", "partner_number"}:
        match = _ID.search(text) or _USCC.search(text) or re.search(r"[0-9A-Z][0-9A-Z\-]{5,29}", text)
        return match[0] if match else ""
    if field in _NAMES:
        return _name(text)
    if field == "sex":
        return next((one for one in ("男", "女") if one in text), "")
    return re.split(r"\s{2,}|(?<=\S)\s+(?=\S+[:：])", text)[0][:120]


def _name(text: str) -> str:
    first = re.split(r"性\s*别|民\s*族|出\s*生|[,，:：;；]", text)[0]
    joined = re.sub(r"\s+", "", first)
    match = _NAME.match(joined) or re.match(r"[A-Z][A-Z .'\-]{2,60}", first)
    return match[0].strip() if match else ""


def _id_card(texts: Sequence[str], found: Mapping[str, str]) -> dict[str, str]:
    """The number without its caption, and the address over its several lines."""
    more: dict[str, str] = {}
    number = _first(_ID, texts)
    if number and "number" not in found:
        more["number"] = number
    if "address" in found:
        at = next((i for i, text in enumerate(texts) if _squeeze(found["address"]) in _squeeze(text)), None)
        tail = [] if at is None else _until_caption(texts[at + 1 : at + 4])
        more["address"] = _squeeze("".join([found["address"], *tail]))
    until = [find_date(text.replace("-", "—", 0).split("-")[-1]) for text in texts if "有效期限" in text]
    return more | ({"valid_until": until[0]} if until and until[0] else {})


def _until_caption(texts: Sequence[str]) -> list[str]:
    kept = []
    for text in texts:
        if re.search(r"公民|身份|号码|签发|有效期", text) or _ID.search(text):
            break
        kept.append(text)
    return kept


def _marriage(texts: Sequence[str], found: Mapping[str, str]) -> dict[str, str]:
    """The second 姓名 and the second number are the partner's."""
    del found
    names = [_name(match[1]) for text in texts for match in re.finditer(r"姓\s*名\s*[:：]?\s*(\S+)", text)]
    numbers = [match for text in texts for match in _ID.findall(text)]
    more = {"partner": names[1]} if len(names) > 1 and names[1] else {}
    return more | ({"partner_number": numbers[1]} if len(numbers) > 1 else {})


def _diploma(texts: Sequence[str], found: Mapping[str, str]) -> dict[str, str]:
    """The running sentence of a diploma: 学生 王小明 性别男，…于…在本校…专业…学习."""
    whole = "".join(texts)
    more: dict[str, str] = {}
    for level, word in (("博士", "博士"), ("硕士", "硕士"), ("本科", "本科"), ("大专", "专科")):
        if word in whole and "level" not in found:
            more["level"] = level
            break
    major = re.search(r"[在修]\s*(?:本校|我校)?\s*([\u4e00-\u9fff（）()]{2,30}?)\s*专业", whole)
    if major and "major" not in found:
        more["major"] = major[1]
    school = re.search(r"([\u4e00-\u9fff]{2,20}(?:大学|学院))", "\n".join(texts))
    if school and "school" not in found:
        more["school"] = school[1]
    return more


def _licence(texts: Sequence[str], found: Mapping[str, str]) -> dict[str, str]:
    number = _first(_USCC, texts)
    more = {"number": number} if number else {}
    name = next((text for text in texts if re.search(r"(?<!\S)名\s*称", text)), "")
    company = re.sub(r"^.*?名\s*称\s*[:：]?\s*", "", name)
    return more | ({"name": _squeeze(company)} if company and len(company) > len(found.get("name", "")) else {})


def _nothing(texts: Sequence[str], found: Mapping[str, str]) -> dict[str, str]:
    del texts, found
    return {}


_SPECIAL: Mapping[str, Callable[[Sequence[str], Mapping[str, str]], dict[str, str]]] = {
    "id_card": _id_card,
    "marriage": _marriage,
    "diploma": _diploma,
    "business_licence": _licence,
}


def _first(pattern: re.Pattern[str], texts: Sequence[str]) -> str:
    return next((match[0] for text in texts if (match := pattern.search(text))), "")


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("：", ":").strip()


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0

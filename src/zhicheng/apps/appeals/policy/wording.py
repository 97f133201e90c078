"""Whether a text can be read at all: not empty in disguise, not only marks, not decoded in the wrong encoding."""

import re
import unicodedata
from collections.abc import Iterator

SHORTEST, LONGEST = 5, 3000

_UNREADABLE = "\ufffd"  # what decoding puts in the place of bytes that are not UTF-8
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and patterns that draw nothing
_NOT_DRAWN = frozenset({"Cc", "Cf", "Me", "Mn", "Zl", "Zp", "Zs"})
_CHINESE = re.compile("[\u3400-\u9fff]")
# What the UTF-8 bytes of a Chinese character look like when they were read as Latin-1 or Windows-1252.
_AS_LATIN = re.compile("[\u00e4-\u00e9][\u0080-\u00bf\u0152-\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,2}")
_LATIN_PIECES, _CHINESE_PIECES = 3, 3
_SAY_UTF8 = "这里有读不出来的字（不是 UTF-8 编码），请重新输入"


def text_faults(raw: str, text: str) -> Iterator[str]:
    """What is wrong with an appeal's text, given as it came and cleaned; nothing when it can be read."""
    shown = visible(text)
    if not shown:
        yield "请写下您要反映的事情"
    elif len(shown) < SHORTEST:
        yield f"请多写几个字（至少 {SHORTEST} 个），说清楚什么事、在哪里"
    elif len(text) > LONGEST:
        yield f"内容有 {len(text)} 个字，请缩短到 {LONGEST} 个字以内，其余可以放在附件里"
    elif not any(unicodedata.category(c)[0] in "LN" or unicodedata.category(c) == "So" for c in shown):
        yield "这里只有标点符号，请用文字写明什么事、在哪里（满屏问号多半是编码不对，请用 UTF-8）"
    if is_garbled(raw[: LONGEST + 1]):
        yield _SAY_UTF8


def other_faults(raw: str) -> Iterator[str]:
    """What is wrong with an address or a name."""
    if is_garbled(raw[: LONGEST + 1]):
        yield _SAY_UTF8


def visible(text: str) -> str:
    r"""The characters that people see.

    >>> visible("\u3164\u2800 \u200d"), visible("灯 坏了")
    ('', '灯坏了')
    """
    return "".join(c for c in text if c not in _BLANK_LETTERS and unicodedata.category(c) not in _NOT_DRAWN)


def is_garbled(text: str) -> bool:
    """Whether bytes were read in another encoding than they were written in, so that nobody can read them.

    >>> is_garbled("路灯坏了三天".encode().decode("latin-1")), is_garbled("璺伅鍧忎簡涓夊ぉ")
    (True, True)
    >>> is_garbled("路灯坏了三天，晚上很黑"), is_garbled("Le réverbère de l’allée est éteint")
    (False, False)
    """
    if _UNREADABLE in text or "锟斤拷" in text:
        return True
    if _CHINESE.search(text):
        return _was_read_as_gbk(text)
    return len(_AS_LATIN.findall(text)) >= _LATIN_PIECES or _is_gbk_read_as_latin(text)


def _was_read_as_gbk(text: str) -> bool:
    """Taken back to its bytes it is good Chinese in UTF-8; Chinese that was written as such never is."""
    again = text.encode("gb18030", "replace").decode("utf-8", "replace")
    good, bad = len(_CHINESE.findall(again)), again.count(_UNREADABLE)
    return good >= _CHINESE_PIECES and bad * 4 <= good


def _is_gbk_read_as_latin(text: str) -> bool:
    """Hardly a plain letter among accented ones, and as bytes of GBK it is Chinese."""
    strange = [c for c in text if "\u00a1" <= c <= "\u00fe"]
    if len(strange) < 2 * _CHINESE_PIECES or 2 * len(strange) < len(visible(text)):
        return False
    again = "".join(strange).encode("latin-1").decode("gbk", "replace")
    return len(_CHINESE.findall(again)) >= _CHINESE_PIECES

"""One spelling for whatever people type or dictate, before anything is read from it."""

import re

from zhicheng.engines.text.traditional import simplify
from zhicheng.engines.text.wording import to_mandarin

LONGEST = 4000
"""Characters that are read of one message."""

HAN_DIGITS = "〇零一二三四五六七八九"
_FIGURES = {
    **{digit: str(max(place - 1, 0)) for place, digit in enumerate(HAN_DIGITS)},
    "幺": "1",
    "两": "2",
    "洞": "0",
}
_DICTATED = re.compile(r"[〇零一二三四五六七八九幺](?:[ ]?[〇零一二三四五六七八九幺两洞]){5,}(?![十百千万亿])")
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE |= {
    0x3000: 0x20,
    0xFF20: 0x40,
    0xFF0B: 0x2B,
    0xFF0D: 0x2D,
    0xFF0E: 0x2E,
    0xFF0F: 0x2F,
    0xFF05: 0x25,
    0x2014: 0x2D,
}
_IS = re.compile(r"(?<![联关体院派直水户])系(?![统列主数别鞋上])")
_MORE_CANTONESE = (
    (re.compile(r"唔系|5系"), "不是"),
    (re.compile(r"唔使|唔洗|唔驶"), "不用"),
    (re.compile(r"仲未|未曾"), "还没"),
    (re.compile(r"旧年"), "去年"),
    (re.compile(r"旧个?月"), "上个月"),
    (re.compile(r"月尾"), "月底"),
    (re.compile(r"(?<=\d)\s*蚊|(?<=[十百千万一二两三四五六七八九])蚊"), "元"),
    (re.compile(r"寻日|琴日"), "昨天"),
    (re.compile(r"啱啱"), "刚刚"),
    (re.compile(r"(?<![A-Za-z0-9])(?:BB|bb|Bb)(?![A-Za-z0-9])"), "宝宝"),
    (re.compile(r"啱"), "对"),
    (re.compile(r"手提(?:电话)?"), "手机"),
)


def read_message(text: str) -> str:
    """A message in half-width figures, simplified characters and Mandarin words; dictated digits as figures.

    Punctuation stays as it is, for it may belong to a name. What is longer than `LONGEST` is cut.

    >>> read_message("我個電話係一三八零零一三八零零零")
    '我个电话是13800138000'
    """
    whole = text[:LONGEST].encode("utf-8", "ignore").decode().translate(_WIDE)
    plain = simplify(whole)
    for pattern, mandarin in _MORE_CANTONESE:
        plain = pattern.sub(mandarin, plain)
    plain = _IS.sub("是", to_mandarin(plain))
    plain = _DICTATED.sub(lambda found: figures(found[0]), plain)
    return "".join(character if character.isprintable() or character == "\n" else " " for character in plain).strip()


def figures(text: str) -> str:
    """Digits that are spoken one by one as figures.

    >>> figures("二〇二三"), figures("幺三八")
    ('2023', '138')
    """
    return "".join(_FIGURES.get(character, character) for character in text if character != " ")

"""Pure decisions of knowledge: what personal data leaves a text, what a digest is of, what a region holds."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict

from zhicheng.core.knowledge.values import DocumentText
from zhicheng.engines.text.training import Example, Hint

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# Longest patterns first: an identity number holds what looks like a telephone number.
_PERSONAL = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), "〔邮箱〕"),
    (re.compile(r"(?<!\d)\d{6}[ -]?(?:19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx](?![\dA-Za-z])"), "〔身份证号〕"),
    (re.compile(r"(?<!\d)\d{15}(?!\d)"), "〔身份证号〕"),
    (re.compile(r"(?<![A-Za-z0-9])[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}(?![A-Za-z0-9])"), "〔信用代码〕"),
    (re.compile(r"(?<!\d)(?:\d[ -]?){15,18}\d(?!\d)"), "〔卡号〕"),
    (re.compile(r"(?<![\dA-Za-z])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), "〔电话〕"),
    (re.compile(r"(?<!\d)(?:0\d{2,3}[ -]?)?[2-8]\d{6,7}(?!\d)"), "〔电话〕"),
    (re.compile(r"(?<![A-Za-z])[EGDSPHM]\d{8}(?!\d)|(?<![A-Za-z])E[A-HJ-NP-Z]\d{7}(?!\d)"), "〔证件号〕"),
    (re.compile(rf"[{_PROVINCES}][A-Za-z][ ·.-]?[A-Za-z0-9]{{4,5}}[A-Za-z0-9挂学警港澳]"), "〔车牌〕"),
    (re.compile(r"((?:微信|QQ|qq|vx|VX|wx)号?(?:码)?[::是 ]{0,3})[A-Za-z0-9_-]{5,20}"), r"\1〔账号〕"),
)


def mask_personal(text: str) -> str:
    """Replace telephone, identity, card and account numbers, e-mail addresses and number plates by placeholders.

    Full-width digits count as digits.

    >>> mask_personal("我是业主，电话13800138000，车牌粤B12345，身份证440301199001011234")
    '我是业主，电话〔电话〕，车牌〔车牌〕，身份证〔身份证号〕'
    """
    text = text.translate(_HALF_WIDTH)
    for pattern, placeholder in _PERSONAL:
        text = pattern.sub(placeholder, text)
    return text


def is_region_within(region: str, wider: str) -> bool:
    """Whether a division is another one or lies in it, by their codes (440300 city, 440304 district, 440304001 street).

    >>> (
    ...     is_region_within("440304001", "440304"),
    ...     is_region_within("440304", "440300"),
    ...     is_region_within("440305", "440304"),
    ... )
    (True, True, False)
    """
    return region.startswith(wider.removesuffix("00") if len(wider) == 6 else wider)


def document_digest(document: DocumentText) -> str:
    """SHA-256 (hex) of everything in a document."""
    material = {**asdict(document), "refs": sorted(document.refs.items())}
    return hashlib.sha256(json.dumps(material, ensure_ascii=False, default=str).encode()).hexdigest()


def training_digest(configuration: str, examples: Sequence[Example], hints: Sequence[Hint], seed: int) -> str:
    """SHA-256 (hex) of everything that decides what a model becomes."""
    material = [
        configuration,
        seed,
        [[str(example.text), example.label] for example in examples],
        [[hint.label, hint.name, *hint.keywords] for hint in hints],
    ]
    return hashlib.sha256(json.dumps(material, ensure_ascii=False).encode()).hexdigest()


_HALF_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94) if chr(0x21 + offset).isalnum()} | {0xFF0B: "+"}

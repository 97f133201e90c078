"""Invented addresses with their marks: what tests learn from. They name nobody's home."""

import random

from zhicheng.engines.addresses.spans import TaggedAddress

_WORDS = {
    "city": ["云城市", "星城市", "海州市"],
    "district": ["东湖区", "西山区", "南岭区", "北港区"],
    "town": ["梅林街道", "竹园街道", "松岗镇", "柳溪镇"],
    "community": ["春风社区", "桥头村", "新塘村"],
    "road": ["平安路", "科技二路", "长虹大道", "学府街"],
    "poi": ["锦绣花园", "海天大厦", "绿洲家园", "创新产业园"],
}
_NUMBERS = {"roadno": "号", "houseno": "栋", "cellno": "单元", "roomno": "室"}
_FORMS = [
    ["city", "district", "road", "roadno", "poi", "houseno", "cellno", "roomno"],
    ["city", "district", "town", "community", "roadno"],
    ["district", "town", "road", "roadno", "poi", "houseno", "roomno"],
    ["town", "poi", "houseno", "cellno", "roomno"],
    ["district", "road", "roadno", "poi"],
]


def invented_addresses(count: int, *, seed: int = 7) -> list[TaggedAddress]:
    draw = random.Random(seed)
    return [_address(draw) for _ in range(count)]


def _address(draw: random.Random) -> TaggedAddress:
    tokens: list[str] = []
    marks: list[str] = []
    for tag in draw.choice(_FORMS):
        part = list(draw.choice(_WORDS[tag])) if tag in _WORDS else [str(draw.randint(1, 1999)), *_NUMBERS[tag]]
        tokens += part
        marks += ["B-" + tag] + ["I-" + tag] * (len(part) - 1)
    return TaggedAddress(tuple(tokens), tuple(marks))


def as_file(addresses: list[TaggedAddress]) -> str:
    blocks = ("\n".join(map(" ".join, zip(one.tokens, one.marks, strict=True))) for one in addresses)
    return "\n\n".join(blocks) + "\n\n"

"""Texts, places and files that cannot be right, with the sentence that each is answered with."""

import io
import json
from dataclasses import dataclass

from PIL import Image

GOOD = "莲花街道景田路的路灯坏了三天，晚上很黑"


@dataclass(frozen=True)
class Bad:
    """Fields of an appeal, the field that is wrong, and words of its sentence."""

    name: str
    fields: dict[str, object]
    field: str
    words: str


TEXTS = [
    Bad("nothing", {"text": ""}, "text", "请写下您要反映的事情"),
    Bad("blanks", {"text": " 　\n\t "}, "text", "请写下您要反映的事情"),
    Bad("zero width", {"text": "\u200b\u200d\ufeff\u2060" * 9}, "text", "请写下您要反映的事情"),
    Bad("letters that draw nothing", {"text": "\u3164\u2800\uffa0" * 4}, "text", "请写下您要反映的事情"),
    Bad("one word", {"text": "灯"}, "text", "请多写几个字"),
    Bad("one word and nine joiners", {"text": "灯" + "\u200d" * 9}, "text", "请多写几个字"),
    Bad("question marks alone", {"text": "????????"}, "text", "只有标点"),
    Bad("UTF-8 read as Latin-1", {"text": GOOD.encode().decode("latin-1")}, "text", "UTF-8"),
    Bad("GBK read as Latin-1", {"text": GOOD.encode("gbk").decode("latin-1")}, "text", "UTF-8"),
    Bad("100 kB", {"text": "路" * 34_000}, "text", "请缩短到 3000 个字以内"),
    Bad("replacement marks", {"text": "路灯\ufffd\ufffd坏了三天"}, "text", "UTF-8"),
    Bad("address of 201", {"text": GOOD, "address": "路" * 201}, "address", "200 个字以内"),
]
PLACES = [
    Bad("in the sea", {"longitude": 115.0, "latitude": 21.0}, "place", "不在深圳市范围内"),
    Bad("in Hong Kong", {"longitude": 114.17, "latitude": 22.28}, "place", "这个位置在香港"),
    Bad("in Beijing", {"longitude": 116.4, "latitude": 39.9}, "place", "不在深圳市范围内"),
    Bad("swapped", {"longitude": 22.54, "latitude": 114.05}, "place", "经度和纬度好像写反了"),
    Bad("not on earth", {"longitude": 999, "latitude": 99}, "place", "经纬度不正确"),
    Bad("not a number", {"longitude": float("nan"), "latitude": 22.5}, "place", "经纬度不正确"),
    Bad("endless", {"longitude": float("inf"), "latitude": 22.5}, "place", "经纬度不正确"),
    Bad("half a point", {"longitude": 114.05}, "place", "经度和纬度要一起填写"),
]
FIELDS = [
    Bad("a day to come", {"occurred_date": "2999-01-01"}, "occurred_date", "发生日期不能晚于今天"),
    Bad("a day in words", {"occurred_date": "昨天"}, "occurred_date", "应是日期"),
    Bad("a number too short", {"phone": "123", "name": "林女士"}, "phone", "电话号码不对"),
    Bad("coordinates of Mars", {"crs": "mars"}, "crs", "只能是"),
    Bad("an unknown channel", {"channel": "spy"}, "channel", "渠道只能是"),
    Bad("text that is a list", {"text": ["灯"]}, "text", "应是文字"),
    Bad("a file that is a word", {"attachments": ["x"]}, "attachments.0", "编号"),
]


def bomb() -> bytes:
    """100 kB that would be 900 million pixels."""
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


FILES = [
    ("text called jpg", "现场.jpg", lambda: b"this is no photo", "不是能识别的照片"),
    ("a drawing with a script", "a.svg", lambda: b"<svg onload='alert(1)'/>", "不是能识别的照片"),
    ("half a photo", "a.jpg", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF", "不是能识别的照片"),
    ("words called pdf", "a.pdf", lambda: b"%PDF-1.7 this is no document", "不是完整的 PDF"),
    ("nothing", "empty.jpg", lambda: b"", "是空的"),
    ("50 MB", "huge.jpg", lambda: b"\xff\xd8\xff" + bytes(50_000_000), "不能超过 10 MB"),
    ("a bomb", "bomb.png", bomb, "尺寸太大"),
]


def as_json(fields: dict[str, object]) -> bytes:
    """JSON as a careless program sends it, NaN and all."""
    return json.dumps({"text": GOOD, **fields}, ensure_ascii=False).encode()


def as_form(fields: dict[str, object]) -> dict[str, str]:
    """The same for the form of the portal."""
    renamed = {"address": "place"}
    return {"text": GOOD, "contact": "anonymous", **{renamed.get(k, k): str(v) for k, v in fields.items()}}

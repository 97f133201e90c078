"""What the API says about fields of the wrong form: never in English."""

import re
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter, ValidationError

from zhicheng.config.sentences import sentence_of


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Place(BaseModel, extra="forbid"):
    name: str


def said(kind: Any, given: object) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(given)
    return sentence_of(caught.value.errors()[0])


class TestSentenceOf:
    @pytest.mark.parametrize(
        ("kind", "given", "sentence"),
        [
            (Place, {}, "这一项必须填写"),
            (Place, {"name": "a", "x": 1}, "没有这一项，请去掉"),
            (Place, "text", "应是对象"),
            (str, 1, "应是文字"),
            (str, b"\xff", "这里有读不出来的字（不是 UTF-8 编码）"),
            (Annotated[str, Field(min_length=5)], "吵", "太短，至少 5 个字"),
            (Annotated[str, Field(max_length=2)], "太吵了", "太长，最多 2 个字"),
            (Literal["wgs84", "gcj02", "bd09"], "mars", "只能是 wgs84、gcj02、bd09 之一"),
            (Colour, "green", "只能是 red、blue 之一"),
            (int, "x", "应是整数"),
            (int, 1.5, "应是整数，不能有小数"),
            (float, "x", "应是数字"),
            (Annotated[int, Field(gt=0)], 0, "应大于 0"),
            (Annotated[int, Field(ge=1)], 0, "不能小于 1"),
            (Annotated[int, Field(lt=9)], 9, "应小于 9"),
            (Annotated[int, Field(le=200)], 500, "不能大于 200"),
            (bool, "maybe", "应是 true 或 false"),
            (UUID, "x", "应是编号（UUID）"),
            (list[int], "x", "应是列表"),
            (dict[str, int], "x", "应是对象"),
            (date, "gestern", "应是日期，如 2026-01-31"),
            (date, datetime(2026, 1, 31, 9), "应只是日期，不带时间，如 2026-01-31"),  # noqa: DTZ001  # as JSON may say it
            (datetime, "gestern", "应是日期和时间，如 2026-01-31T09:00:00+08:00"),
            (AwareDatetime, "2026-01-31T09:00:00", "要写明时区，如 2026-01-31T09:00:00+08:00"),
        ],
    )
    def test_says_what_is_wrong_with_its_limits(self, kind, given, sentence):
        assert said(kind, given) == sentence

    def test_has_a_sentence_for_what_it_does_not_know(self):
        for found in ({"type": "value_error", "msg": "Value error, bad", "ctx": {"error": "bad"}}, {"type": "new_one"}):
            assert sentence_of(found) == "格式不对，请对照接口说明修改"

    def test_stands_an_error_that_brings_no_limits(self):
        assert not re.search("[a-z{]", sentence_of({"type": "greater_than"}))

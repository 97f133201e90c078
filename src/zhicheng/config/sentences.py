"""What pydantic finds wrong with a field, as a Chinese sentence: by the type of the error, with its parameters."""

from collections.abc import Mapping
from typing import Any

_TEXT, _WHOLE, _NUMBER, _FLAG = "应是文字", "应是整数", "应是数字", "应是 true 或 false"
_ID, _LIST, _OBJECT = "应是编号（UUID）", "应是列表", "应是对象"
_DAY, _INSTANT, _TIME = "应是日期，如 2026-01-31", "应是日期和时间，如 2026-01-31T09:00:00+08:00", "应是时间，如 09:00"
_EXPECTED = "只能是 {expected} 之一"
_SENTENCES = {
    "missing": "这一项必须填写",
    "extra_forbidden": "没有这一项，请去掉",
    "none_required": "这一项必须留空",
    "json_invalid": "内容不是有效的 JSON",
    "json_type": "内容不是有效的 JSON",
    "string_type": _TEXT,
    "string_sub_type": _TEXT,
    "string_unicode": "这里有读不出来的字（不是 UTF-8 编码）",
    "string_too_short": "太短，至少 {min_length} 个字",
    "string_too_long": "太长，最多 {max_length} 个字",
    "string_pattern_mismatch": "格式不对，应符合 {pattern}",
    "enum": _EXPECTED,
    "literal_error": _EXPECTED,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": "数字太大",
    "int_from_float": "应是整数，不能有小数",
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "应是普通的数字，不能是无穷大或 NaN",
    "multiple_of": "应是 {multiple_of} 的倍数",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "bool_type": _FLAG,
    "bool_parsing": _FLAG,
    "uuid_type": _ID,
    "uuid_parsing": _ID,
    "uuid_version": _ID,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "iterable_type": _LIST,
    "too_short": "至少 {min_length} 个，现在是 {actual_length} 个",
    "too_long": "最多 {max_length} 个",
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": "应只是日期，不带时间，如 2026-01-31",
    "date_past": "应是今天以前的日期",
    "date_future": "应是今天以后的日期",
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "datetime_object_invalid": _INSTANT,
    "timezone_aware": "要写明时区，如 2026-01-31T09:00:00+08:00",
    "time_type": _TIME,
    "time_parsing": _TIME,
    "url_type": "应是网址",
    "url_parsing": "应是网址",
    "bytes_type": "应是文件",
}
_OTHERWISE = "格式不对，请对照接口说明修改"


class _Said(dict[str, str]):
    """The parameters of an error, written for people; one that an error does not bring is spoken around."""

    def __missing__(self, _name: str) -> str:
        return "规定的值"


def sentence_of(found: Mapping[str, Any]) -> str:
    """The sentence beside the field, for one error of pydantic (`type`, `ctx`)."""
    said = _Said({name: _written(value) for name, value in found.get("ctx", {}).items()})
    return _SENTENCES.get(str(found["type"]), _OTHERWISE).format_map(said)


def _written(value: object) -> str:
    return str(value).replace("'", "").replace(" or ", "、").replace(", ", "、")

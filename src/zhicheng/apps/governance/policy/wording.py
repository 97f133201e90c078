"""Why there is no value, in words."""

from collections.abc import Mapping

NO_TABLE, NO_ROWS, FEW_ROWS, FAILED = "no_table", "no_rows", "few_rows", "failed"
NOT_YET, HARDLY, NOT_HERE = "not_yet", "hardly", "not_here"
_WORDS: Mapping[str, str] = {
    NO_ROWS: "本时段没有可以统计的数据",
    HARDLY: "本区域本时段没有数据，或数量太少",
    FEW_ROWS: "数量太少，不足以计算",
    FAILED: "计算没有成功，已记入运行记录",
    NOT_YET: "还没有计算",
    NOT_HERE: "这个指标不分到这一级区域",
}


def reason_words(reason: str) -> str:
    """A reason's code as a sentence.

    >>> reason_words("no_table:layer_building")
    '数据表 layer_building 还没有数据'
    """
    code, _, detail = reason.partition(":")
    return f"数据表 {detail} 还没有数据" if code == NO_TABLE else _WORDS.get(code, reason)

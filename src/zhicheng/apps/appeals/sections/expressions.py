"""Checking the expressions of the responsibility list: `function@level` or `unit:CODE`."""

from typing import Any

from zhicheng.core.packs.public import PackSource

LEVELS = ("community", "street", "district", "city")


def expression_problem(text: str, pack: PackSource) -> str:
    """The sentence that says what is wrong with an expression; empty when it is right."""
    units = _units(pack)
    kind, colon, code = text.partition(":")
    if colon:
        if kind != "unit" or not code:
            return f"承办单位表达式「{text}」写法不对。"
        return "" if not units or code in units else f"单位 {code} 不存在。"
    function, at, level = text.partition("@")
    if not at or level not in LEVELS:
        return f"承办单位表达式「{text}」写法不对。"
    functions = {unit.function for unit in units.values()}
    return "" if not units or function in functions else f"没有单位承担职能 {function}。"


def _units(pack: PackSource) -> dict[str, Any]:
    """Units by code; none where their own file could not be read."""
    return {item.value.code: item.value for item in pack.values.get("units") or ()}

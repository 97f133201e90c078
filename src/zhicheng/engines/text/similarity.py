"""How alike two short texts are: do two residents speak of the same problem at the same place?

Neighbouring characters are compared, courtesy words left out, house numbers kept. Where and when something was said is
the caller's to compare.
"""

import math
import unicodedata
from collections.abc import Collection, Iterable

from zhicheng.engines.text.sounds import cut

_COURTESY_WORDS = """
的 了 是 在 也 都 就 很 太 啊 吧 呢 吗 请 请问 您好 你好 谢谢 领导 希望 尽快 处理 解决 反映 投诉 咨询 建议 有关
部门 相关 我 我们 你们 他们 这个 这里 那里 现在 一直 已经 多次 没有 没人 帮忙 一下 麻烦 问题 情况 市民 居民 业主 来电
表示 要求
"""
_COURTESY = frozenset(_COURTESY_WORDS.split())
_MAX_CHARACTERS = 1000


def fingerprint(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters within runs of telling words; single telling characters stand alone.

    >>> sorted(fingerprint("请尽快处理噪音"))
    ['噪音']
    """
    plain = unicodedata.normalize("NFKC", text[:_MAX_CHARACTERS].encode("utf-8", "ignore").decode()).lower()
    runs: list[str] = [""]
    for word in cut(plain):
        if word in _COURTESY or not any(map(str.isalnum, word)):
            runs.append("")
        else:
            runs[-1] += word
    return frozenset(pair for run in runs for pair in _pairs(run))


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """Cosine of two fingerprints: 1.0 for equal ones, 0.0 when they share nothing or one is empty.

    >>> likeness(fingerprint("福华路118号工地夜间施工"), fingerprint("福华路118号工地晚上施工，请处理")) > 0.6
    True
    >>> likeness(fingerprint("福华路路灯不亮"), fingerprint("孩子入学没有学位"))
    0.0
    """
    if not one or not other:
        return 0.0
    shared = len(frozenset(one) & frozenset(other))
    return shared / math.sqrt(len(one) * len(other))


def most_alike(text: str, others: Iterable[tuple[str, str]], *, least: float = 0.5) -> list[tuple[str, float]]:
    """The (key, likeness) of texts at least `least` alike, the most alike first; `others` are (key, text).

    >>> most_alike("福华路路灯不亮", [("a", "路灯不亮了，福华路"), ("b", "学位不够")])[0][0]
    'a'
    """
    own = fingerprint(text)
    scored = ((key, likeness(own, fingerprint(other))) for key, other in others)
    return sorted((pair for pair in scored if pair[1] >= least), key=lambda pair: -pair[1])


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[start : start + 2] for start in range(len(run) - 1)]

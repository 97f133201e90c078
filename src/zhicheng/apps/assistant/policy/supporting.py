"""Whether a sentence says only what its passage says: the check on whatever a model has rephrased.

Strict on purpose: a sentence that is dropped costs a smoother answer, a sentence that was made up costs trust.
"""

import re
from collections.abc import Sequence

from zhicheng.apps.assistant.policy.plain import pairs, plain
from zhicheng.engines.text.passages import sentences

_SHARE = 0.7
_FIGURE = re.compile(r"\d+(?:\.\d+)?|[一二三四五六七八九十百千万两]+(?=[个天日月年元岁周小工次份人倍%折])")
_NEGATION = re.compile(r"不(?!同|仅|但|管|论|动产)|没有|未|无(?!论)|免|禁止|除外")
_FILLING = re.compile(
    r"您|请|可以|需要|的话|一般|如果|就|也|都|会|能|要|了|的|吗|呢|啊|哦|根据|按照|规定|资料|办理|是|在|到|和|与|及|或者?|并且?"
)


def supported(said: str, passages: Sequence[str]) -> list[str]:
    """The sentences of a text that their passages support, in order.

    >>> supported("年满18周岁就可以申请。费用是三百元。", ["年满 18 周岁，就可以申请摊位许可。"])
    ['年满18周岁就可以申请。']
    """
    known = [each for passage in passages for each in sentences(passage)]
    return [each for each in sentences(said) if is_supported(each, known)]


def is_supported(sentence: str, known: Sequence[str]) -> bool:
    """Whether one sentence stands on the sentences of its passage.

    Its figures must all be there, most of its pairs of characters, and as many denials as in the nearest sentence.

    >>> is_supported("不收费。", ["本事项不收费。"]), is_supported("要收费。", ["本事项不收费。"])
    (True, False)
    """
    whole = plain("".join(known))
    if any(plain(figure) not in whole for figure in _FIGURE.findall(sentence)):
        return False
    wanted = pairs(_FILLING.sub("", sentence))
    if not wanted or not known:
        return False
    there = pairs(whole) | pairs(_FILLING.sub("", whole))
    nearest = max(known, key=lambda each: len(wanted & pairs(each)))
    same_denials = bool(_NEGATION.search(sentence)) == bool(_NEGATION.search(_part_like(nearest, wanted)))
    return same_denials and len(wanted & there) / len(wanted) >= _SHARE


def _part_like(sentence: str, wanted: frozenset[str]) -> str:
    """The part of a sentence, between commas, that is nearest; the sentence where none is near."""
    parts = [part for part in re.split(r"[，,；;：:]", sentence) if part]
    return max(parts, key=lambda part: len(wanted & pairs(part)) / max(len(pairs(part)), 1), default=sentence)

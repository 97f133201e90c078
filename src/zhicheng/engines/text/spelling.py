"""Pinyin without tones, as it is typed, into the words that texts use: "juzhuzheng zenmeban" is 居住证怎么办.

Letters are cut into the likeliest words of a vocabulary: those that are used most, and rather few long ones than many
short ones (a unigram model, decoded by Viterbi). What cannot be cut whole is no pinyin and stays as it is.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from zhicheng.engines.text.questions import plain
from zhicheng.engines.text.sounds import cut, syllables

_LETTERS = re.compile(r"(?<![a-z0-9@.:/_-])[a-z']+(?:\s+[a-z']+)*(?![a-z0-9@.:/_-])")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_VOWELS = re.compile(r"[aeiouv]+")
_FEWEST_SYLLABLES, _MOST_LETTERS, _LONGEST_WORD = 2, 120, 24
_A_WORD = 2.0  # what every word costs, as a logarithm: long words win


def may_be_pinyin(text: str) -> bool:
    """Whether there are letters in a text that might be pinyin.

    >>> may_be_pinyin("hu zhao 多少钱"), may_be_pinyin("办KTV"), may_be_pinyin("居住证")
    (True, False, False)
    """
    return any(_has_syllables(run) for run in _LETTERS.findall(plain(text)))


class Speller:
    """Spells pinyin with the words of a vocabulary: word → how often it is used."""

    def __init__(self, words: Mapping[str, int]) -> None:
        total = sum(words.values()) or 1
        self._words: dict[str, tuple[float, str]] = {}
        for word, count in words.items():
            letters = "".join(syllables(word)).replace("ü", "v")
            cost = _A_WORD - math.log(count / total)
            if letters.isascii() and len(letters) <= _LONGEST_WORD:
                self._words[letters] = min(self._words.get(letters, (math.inf, "")), (cost, word))

    @classmethod
    def reading(cls, texts: Iterable[str]) -> "Speller":
        """With the words of these texts."""
        words: Counter[str] = Counter()
        for text in texts:
            words.update(word for word in cut(text) if _HAN.fullmatch(word))
        return cls(words)

    def spell(self, text: str) -> str:
        """The text with its pinyin in characters; as it is, where any of its letters are something else.

        >>> Speller({"居住证": 9, "怎么办": 9, "办": 5, "居住": 5, "这么": 1}).spell("juzhuzheng zenmeban？")
        '居住证怎么办?'
        >>> Speller({"可": 1, "能": 1}).spell("can I come")
        'can I come'
        """
        asked = plain(text)
        runs = _LETTERS.findall(asked)
        spelled = {run: self._decoded(run) for run in runs if _has_syllables(run)}
        if not spelled or not all(spelled.values()):
            return text
        return _LETTERS.sub(lambda found: spelled.get(found[0]) or found[0], asked)

    def _decoded(self, run: str) -> str:
        """The likeliest words of letters; nothing where they cannot be cut into words, one of several characters."""
        letters = re.sub(r"[\s']", "", run)
        best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
        for end in range(1, len(letters) + 1):
            choices: list[tuple[float, tuple[str, ...]]] = [(math.inf, ())]
            for start in range(max(0, end - _LONGEST_WORD), end):
                cost, words = best[start]
                found = self._words.get(letters[start:end])
                if found is not None and cost < math.inf:
                    choices.append((cost + found[0], (*words, found[1])))
            best.append(min(choices, key=lambda choice: choice[0]))
        words = best[-1][1]
        return "".join(words) if any(len(word) > 1 for word in words) else ""


def _has_syllables(run: str) -> bool:
    return len(run) <= _MOST_LETTERS and len(_VOWELS.findall(run)) >= _FEWEST_SYLLABLES

"""Reading a question: one plain form whatever way it was typed, what it means in official words, what its terms weigh.

The plain form is what texts are indexed in and what is compared; a person is always shown the original.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from zhicheng.engines.text.sounds import cut, tagged
from zhicheng.engines.text.traditional import simplify
from zhicheng.engines.text.wording import to_mandarin

MAX_QUESTION = 400  # characters that are read of a question
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9.%]+")
_BLANKS = re.compile(r"\s+")
_SAYING = 1.0  # what a term of a question weighs that says something,
_ASKING = 0.15  # that only asks or connects,
_MIXED = 0.5  # a pair that straddles both,
_MEANT = 0.5  # and one that was not said but meant
_TELLING_TAGS = frozenset("nvmjlitza")
_ASKING_TEXT = """
    有 是 进行 应该 应 具体 采取 做 要求 规定 措施 方面 如何 怎么 怎样 什么 哪些 为何 有何 多少 请问 想问 知道 可以 能
    需要 要 办 办理 一下 我 我们 怎么样 怎么办 是不是 能不能 可不可以 有没有
"""
_ASKING_WORDS = frozenset(_ASKING_TEXT.split())
_NO_PLACES = frozenset(["中国", "国家", "我国", "全国", "各地", "城市", "内地", "国内"])
_DIVISION = "省市区县州"


def plain(text: str) -> str:
    """Full width to half width, lower case, simplified characters, one blank for many; numbers stay.

    >>> plain("ＡＢ座　１２３號")
    'ab座 123号'
    """
    whole = text.encode("utf-8", "ignore").decode()
    return _BLANKS.sub(" ", simplify(unicodedata.normalize("NFKC", whole).lower())).strip()


def plain_lines(text: str) -> str:
    r"""As `plain`, line by line.

    >>> plain_lines("條件：\n有　居住登記")
    '条件:\n有 居住登记'
    """
    return "\n".join(filter(None, map(plain, text.splitlines())))


def plain_question(text: str) -> str:
    """As `plain`, with Cantonese wording in Mandarin; beyond `MAX_QUESTION` characters a question is not read.

    >>> plain_question("居住證喺邊度攞？")
    '居住证在哪里领?'
    """
    return to_mandarin(plain(text[:MAX_QUESTION]))


class Sayings:
    """What people say and what it means, longest saying first.

    >>> Sayings({"宝宝": "孩子", "上户口": "出生登记"}).meant("宝宝上户口")
    ['孩子', '出生登记']
    """

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._pairs = {plain(said): plain(means) for said, means in pairs.items()}
        longest_first = sorted(map(re.escape, self._pairs), key=len, reverse=True)
        self._pattern = re.compile("|".join(longest_first)) if longest_first else None

    def meant(self, text: str) -> list[str]:
        """What the sayings in a plain text mean, each once."""
        found = self._pattern.findall(text) if self._pattern else []
        return list(dict.fromkeys(self._pairs[said] for said in found))

    def rewritten(self, text: str) -> str:
        """A plain text with what was meant in place of what was said."""
        return self._pattern.sub(lambda found: self._pairs[found[0]], text) if self._pattern else text


NO_SAYINGS = Sayings({})


@dataclass(frozen=True)
class Question:
    """A question as it is looked up.

    `text`: its plain form; `rewritten`: the same in official words; `terms`: what to look for, with weights; `words`:
    the words of `rewritten` that say something; `places`: names of places in it, without 省, 市 and the like.
    """

    text: str
    rewritten: str
    terms: Mapping[str, float]
    words: tuple[str, ...]
    places: tuple[str, ...]


def read_question(text: str, sayings: Sayings = NO_SAYINGS) -> Question:
    """Read a question.

    >>> read_question("湘潭市對企業的房租有什麼優惠").places
    ('湘潭',)
    """
    asked = plain_question(text)
    terms = _weighed(asked)
    for meant in sayings.meant(asked):
        for term in lexical_terms(meant):
            terms[term] = max(terms.get(term, 0.0), _MEANT)
    rewritten = sayings.rewritten(asked)
    telling = [word for word, tag in _tagged(rewritten) if len(word) > 1 and _is_telling(word, tag)]
    return Question(asked, rewritten, terms, tuple(dict.fromkeys(telling)), places_in(asked))


def lexical_terms(text: str) -> list[str]:
    """Words of at least two characters and pairs of neighbouring characters of a plain text, with repetitions.

    Latin words and numbers are terms; a lone character of a run is one too.

    >>> lexical_terms("办居住证")
    ['居住证', '办居', '居住', '住证']
    """
    found = [word for word in cut(text) if len(word) > 1 and word[0].isalnum()]
    known = set(found)
    for run in _RUN.findall(text):
        if run[0] < "\u3400":
            found += [run] if run not in known else []
        elif len(run) == 1:
            found.append(run)
        else:
            found += [pair for pair in map("".join, pairwise(run)) if pair not in known]
    return found


def places_in(text: str) -> tuple[str, ...]:
    """Names of places in a plain text, each once.

    >>> places_in("重庆市和湘潭的企业")
    ('重庆', '湘潭')
    """
    found = []
    for word, tag in _tagged(text):
        if tag.startswith("ns") and len(word) > 1 and word not in _NO_PLACES:
            found.append(word[:-1] if len(word) > 2 and word[-1] in _DIVISION else word)
    return tuple(dict.fromkeys(found))


def _weighed(text: str) -> dict[str, float]:
    """The lexical terms of a question, each with what it says."""
    terms: dict[str, float] = {}
    telling: list[bool] = []
    for word, tag in _tagged(text):
        telling += [_is_telling(word, tag)] * len(word)
        if len(word) > 1 and word[0].isalnum():
            terms[word] = max(terms.get(word, 0.0), _SAYING if telling[-1] else _ASKING)
    for run in _RUN.finditer(text):
        if run[0][0] < "\u3400" or len(run[0]) == 1:
            terms.setdefault(run[0], _SAYING)
            continue
        for place in range(run.start(), run.end() - 1):
            both = telling[place] + telling[place + 1]
            terms.setdefault(text[place : place + 2], (_ASKING, _MIXED, _SAYING)[both])
    return terms


def _is_telling(word: str, tag: str) -> bool:
    return word not in _ASKING_WORDS and (tag[0] in _TELLING_TAGS or tag == "eng")


@lru_cache(maxsize=8)
def _tagged(text: str) -> list[tuple[str, str]]:
    return [(word, tag) for word, tag in tagged(text)]

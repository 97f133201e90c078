"""Reading a question: one plain form whatever way it was typed, and the terms that are looked up.

The plain form is what texts are indexed in and what is compared; a person is always shown the original.
"""

import re
import unicodedata
from itertools import pairwise

import rjieba

from zhicheng.engines.text.traditional import simplify
from zhicheng.engines.text.wording import to_mandarin

MAX_QUESTION = 2000  # characters that are read of a question
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9.%]+")
_BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """Full width to half width, lower case, simplified characters, one blank for many; numbers stay.

    >>> plain("ＡＢ座　１２３號")
    'ab座 123号'
    """
    whole = text.encode("utf-8", "ignore").decode()
    return _BLANKS.sub(" ", simplify(unicodedata.normalize("NFKC", whole).lower())).strip()


def plain_question(text: str) -> str:
    """As `plain`, with Cantonese wording in Mandarin; beyond `MAX_QUESTION` characters a question is not read.

    >>> plain_question("居住證喺邊度攞？")
    '居住证在哪里领?'
    """
    return to_mandarin(plain(text[:MAX_QUESTION]))


def lexical_terms(text: str) -> list[str]:
    """Words of at least two characters and pairs of neighbouring characters of a plain text, with repetitions.

    Latin words and numbers are terms; a lone character of a run is one too.

    >>> lexical_terms("办居住证")
    ['居住证', '办居', '居住', '住证']
    """
    found = [word for word in rjieba.cut(text) if len(word) > 1 and word[0].isalnum()]
    for run in _RUN.findall(text):
        if run[0] < "\u3400":
            if run not in found:
                found.append(run)
        elif len(run) == 1:
            found.append(run)
        else:
            known = set(found)
            found += [pair for pair in map("".join, pairwise(run)) if pair not in known]
    return found

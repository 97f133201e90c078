"""One search: passages, wordings and vectors are asked, their scores fused per document, the best ones shown."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhicheng.core.inference.values import Embedder
from zhicheng.core.knowledge.gate.files import Generation
from zhicheng.core.knowledge.gate.lexical import NOTHING, Found
from zhicheng.core.knowledge.gate.reading import read_passage, read_shown
from zhicheng.core.knowledge.values import Hit, SearchQuery
from zhicheng.engines.text.questions import lexical_terms, plain_question

_DEPTH = 200  # texts that each index is asked for
_PASSAGES, _WORDINGS, _MEANING = 0.5, 0.5, 0.5


@dataclass
class _Candidate:
    number: int
    passage: float = 0.0
    passage_place: int = 0
    wording: float = 0.0
    wording_place: int = 0
    meaning: float = 0.0

    @property
    def score(self) -> float:
        return _PASSAGES * self.passage + _WORDINGS * self.wording + _MEANING * self.meaning


def find(generation: Generation, query: SearchQuery, embedder: Embedder | None) -> list[Hit]:
    """The documents that answer a question and fit its day, place and audience, best first."""
    text = plain_question(query.text)
    terms = lexical_terms(text)
    if not terms or query.limit < 1:
        return []
    depth = max(_DEPTH, 2 * query.limit)
    allowed = generation.catalogue.allowed(query)
    passages = _fitting(generation.passages.search(terms, depth, query.kinds), allowed)
    wordings = _fitting(generation.wordings.search(terms, depth, query.kinds), allowed)
    meanings = _fitting(_meanings(generation, text, embedder, depth), allowed)
    candidates: dict[int, _Candidate] = {}
    for number, place, score in zip(passages.numbers, passages.places, passages.scores, strict=True):
        one = candidates.setdefault(int(number), _Candidate(int(number)))
        if score > one.passage:
            one.passage, one.passage_place = float(score), int(place)
    for number, place, score in zip(wordings.numbers, wordings.places, wordings.scores, strict=True):
        one = candidates.setdefault(int(number), _Candidate(int(number)))
        if score > one.wording:
            one.wording, one.wording_place = float(score), int(place)
    for number, place, score in zip(meanings.numbers, meanings.places, meanings.scores, strict=True):
        one = candidates.setdefault(int(number), _Candidate(int(number)))
        if score > one.meaning:
            one.meaning, one.wording_place = float(score), int(place)
    best = sorted(candidates.values(), key=lambda one: (-one.score, one.number))[: query.limit]
    return [_hit(generation, one, _confidence(best)) for one in best]


def _meanings(generation: Generation, text: str, embedder: Embedder | None, depth: int) -> Found:
    if embedder is None:
        return NOTHING
    return generation.vectors.search(embedder.embed([text])[0], depth)


def _fitting(found: Found, allowed: npt.NDArray[np.bool_]) -> Found:
    known = found.numbers < len(allowed)
    keep = known & allowed[np.where(known, found.numbers, 0)]
    return Found(found.numbers[keep], found.places[keep], found.scores[keep])


def _confidence(best: list[_Candidate]) -> float:
    return min(1.0, best[0].score)


def _hit(generation: Generation, one: _Candidate, confidence: float) -> Hit:
    shown = read_shown(generation.wordings.stored(one.number, 0))
    heading, text = read_passage(generation.passages.stored(one.number, one.passage_place))
    return Hit(
        document=generation.catalogue.codes[one.number],
        kind=shown["kind"],
        title=shown["title"],
        matched=(shown["title"], *shown["also"])[one.wording_place],
        heading=heading,
        text=text,
        source=shown["source"],
        link=shown["link"],
        refs=shown["refs"],
        score=one.score,
        confidence=confidence,
    )

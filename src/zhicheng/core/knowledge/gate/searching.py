"""One search: candidates by words and by meaning, compared closely, the best ones shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import structlog

from zhicheng.core.inference.errors import ModelFailed
from zhicheng.core.inference.values import Embedder, Vectors
from zhicheng.core.knowledge.gate.files import Generation
from zhicheng.core.knowledge.gate.lexical import NOTHING, Found, Numbers
from zhicheng.core.knowledge.gate.reading import read_passage, read_shown
from zhicheng.core.knowledge.values import Hit, SearchQuery
from zhicheng.engines.text import aspects
from zhicheng.engines.text.cities import CITIES
from zhicheng.engines.text.fusion import Signals, Unknown, confidences, on_topic, scores
from zhicheng.engines.text.matching import Pairs, coverage, decode, encode
from zhicheng.engines.text.questions import NO_SAYINGS, Question, Sayings, read_question

_DEPTH = 120  # texts that each index is asked for
_OWN_CITY = 0.01  # of the passages speak of the city that the documents are for
_ASKING_ENDS = encode("?吗呢")  # a title that ends so is of the answer to a question rather than of a thing
_COMPARED = 40  # documents that are compared closely
_log = structlog.get_logger(__name__)

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = dict[int, tuple[float, int]]


@dataclass(frozen=True)
class Searcher:
    """What a search needs beside the index."""

    embedder: Embedder | None = None
    sayings: Sayings = NO_SAYINGS


@dataclass(frozen=True)
class Compared:
    """The candidates of one search: their numbers, signals, and which passage and wording of each is nearest."""

    numbers: list[int]
    signals: Signals
    passage_places: list[int]
    wording_places: list[int]


@dataclass(frozen=True)
class _Alike:
    """How alike the candidates mean, and which wording is the nearest (-1 for none)."""

    title: Floats
    wording: Floats
    wordings: Floats
    answer: Floats
    places: list[int]


def find(generation: Generation, query: SearchQuery, searcher: Searcher) -> list[Hit]:
    """The documents that answer a question and fit its day, place and audience, best first."""
    question = read_question(query.text, searcher.sayings)
    if not question.terms or query.limit < 1:
        return []
    compared = compare(generation, query, question, searcher.embedder)
    mixed = scores(compared.signals)
    order = sorted(range(len(mixed)), key=lambda row: (-mixed[row], compared.numbers[row]))[: query.limit]
    unknown = _unknown(generation, question)
    sure = confidences(compared.signals, mixed, unknown)
    topical = on_topic(compared.signals, mixed, unknown)
    rates = [(float(mixed[row]), float(sure[row]), float(topical[row])) for row in order]
    return [_hit(generation, compared, row, rate) for row, rate in zip(order, rates, strict=True)]


def compare(generation: Generation, query: SearchQuery, question: Question, embedder: Embedder | None) -> Compared:
    """The candidates for a question with their signals."""
    allowed = generation.catalogue.allowed(query)
    vector = _vector(question, embedder)
    depth = max(_DEPTH, 4 * query.limit)
    passages = _best(_fitting(generation.passages.search(question.terms, depth, query.kinds), allowed))
    wordings = _best(_fitting(generation.wordings.search(question.terms, depth, query.kinds), allowed))
    meanings: Places = {}
    if vector is not None:
        kinds = generation.catalogue.of_kinds(query.kinds) & allowed
        meanings = _best(_fitting(generation.wording_vectors.search(vector, depth), kinds))
    numbers = _candidates(max(_COMPARED, query.limit), passages, wordings, meanings)
    alike = _alike(generation, vector, numbers)
    return Compared(
        numbers,
        _signals(generation, question, numbers, alike),
        [passages.get(number, (0.0, 0))[1] for number in numbers],
        [
            wordings.get(number, (0.0, 0))[1] if place < 0 else place
            for number, place in zip(numbers, alike.places, strict=True)
        ],
    )


def _vector(question: Question, embedder: Embedder | None) -> Vectors | None:
    """The mean of what was said and what was meant."""
    if embedder is None:
        return None
    try:
        said, meant = embedder.embed([question.text, question.rewritten])
    except ModelFailed as error:
        _log.warning("searching by words only", embedder=embedder.name, outcome=error.data["outcome"])
        return None
    middle: Vectors = (said + meant) / 2
    return middle


def _alike(generation: Generation, vector: Vectors | None, numbers: list[int]) -> _Alike:
    if vector is None:
        none = np.zeros(len(numbers))
        return _Alike(none, none, none, none, [-1] * len(numbers))
    wordings = generation.wording_vectors.nearest(numbers, vector)
    title = (generation.wording_vectors.row(numbers) @ vector).astype(np.float64)
    answers = generation.answer_vectors.nearest(numbers, vector)
    return _Alike(title, wordings.best, wordings.few, answers.best, wordings.places.tolist())


def _signals(
    generation: Generation,
    question: Question,
    numbers: list[int],
    alike: _Alike,
) -> Signals:
    catalogue = generation.catalogue
    short = np.array([catalogue.by_number[number].kind in catalogue.short_kinds for number in numbers], np.bool_)
    cities = [place for place in question.places if _is_other_city(generation, question, place)]
    sides = aspects.alike(
        aspects.aspects_of(question.text),
        *(generation.aspects.row(numbers, place).astype(np.float64) for place in (0, 1)),
    )
    return Signals(
        title=alike.title,
        wording=alike.wording,
        wordings=alike.wordings,
        answer=alike.answer,
        cover=_cover(generation, question, numbers),
        known=_known(generation, question, numbers, short),
        asks=np.isin(generation.texts.last_characters(numbers), _ASKING_ENDS),
        sides=sides,
        elsewhere=np.array([bool(cities) and not _names(generation, number, cities) for number in numbers], np.bool_),
        misplaced=np.array([_is_misplaced(generation, question, number) for number in numbers], np.bool_),
        short=short,
    )


def _cover(generation: Generation, question: Question, numbers: list[int]) -> Floats:
    if not numbers:
        return np.zeros(0)
    rarity = generation.passages.rarity
    pairs = Pairs.of({term: weight * rarity(term) for term, weight in question.terms.items()})
    return coverage(generation.texts.of(numbers), pairs, generation.texts.average)


def _known(generation: Generation, question: Question, numbers: list[int], short: Flags) -> Floats:
    """How much of the question stands in each short document, its wordings included, 0 to 1; rare words count more."""
    weights = {term: weight * generation.passages.rarity(term) for term, weight in question.terms.items()}
    total = sum(weights.values()) or 1.0
    texts = [
        generation.texts.everything(number) if is_read else "" for number, is_read in zip(numbers, short, strict=True)
    ]
    return np.array([sum(w for term, w in weights.items() if term in text) / total for text in texts], np.float64)


def _is_misplaced(generation: Generation, question: Question, number: int) -> bool:
    """Whether the question names places, the document none of them, and the document is about another one."""
    own = generation.catalogue.by_number[number].places
    return bool(question.places and own) and not _names(generation, number, question.places)


def _names(generation: Generation, number: int, places: Sequence[str]) -> bool:
    """Whether a document speaks of one of these places."""
    text = decode(generation.texts.text(number)) + decode(generation.texts.title(number))
    return any(place in text for place in places)


def _is_other_city(generation: Generation, question: Question, place: str) -> bool:
    """Whether a question is about another city: it begins with it, and hardly any document speaks of it.

    Whoever lives there, comes from there or goes there names it later.
    """
    begins = question.text.removeprefix("请问").startswith(place)
    return begins and place in CITIES and generation.passages.share(place[:2]) < _OWN_CITY


def _unknown(generation: Generation, question: Question) -> Unknown:
    """How much of the question no document knows."""
    indexes = generation.passages, generation.wordings
    words = [any(index.knows(word) for index in indexes) for word in question.words]
    pairs = {term: weight for term, weight in question.terms.items() if len(term) == 2}
    strange = sum(weight for term, weight in pairs.items() if not any(index.knows(term) for index in indexes))
    return Unknown(
        words=1 - sum(words) / len(words) if words else 0.5,
        pairs=strange / sum(pairs.values()) if pairs else 0.5,
    )


def _candidates(most: int, *found: Places) -> list[int]:
    """Document numbers, taken in turn from each list, best first."""
    ranked = [sorted(places, key=lambda number: (-places[number][0], number)) for places in found]
    chosen: dict[int, None] = {}
    for row in range(max(map(len, ranked), default=0)):
        for numbers in ranked:
            if row < len(numbers):
                chosen.setdefault(numbers[row])
        if len(chosen) >= most:
            break
    return list(chosen)[:most]


def _best(found: Found) -> Places:
    """For each document its best score and the place of that."""
    best: Places = {}
    for number, place, score in zip(found.numbers.tolist(), found.places.tolist(), found.scores.tolist(), strict=True):
        if number not in best or score > best[number][0]:
            best[number] = score, place
    return best


def _fitting(found: Found, allowed: npt.NDArray[np.bool_]) -> Found:
    if not len(found.numbers):
        return NOTHING
    known: Numbers = np.where(found.numbers < len(allowed), found.numbers, 0)
    keep = (found.numbers < len(allowed)) & allowed[known]
    return Found(found.numbers[keep], found.places[keep], found.scores[keep])


def _hit(generation: Generation, compared: Compared, row: int, rates: tuple[float, float, float]) -> Hit:
    number = compared.numbers[row]
    shown = read_shown(generation.wordings.stored(number, 0))
    heading, text = read_passage(generation.passages.stored(number, compared.passage_places[row]))
    return Hit(
        document=generation.catalogue.codes[number],
        kind=shown["kind"],
        title=shown["title"],
        matched=(shown["title"], *shown["also"])[compared.wording_places[row]],
        heading=heading,
        text=text,
        source=shown["source"],
        link=shown["link"],
        refs=shown["refs"],
        score=rates[0],
        confidence=rates[1],
        on_topic=rates[2],
    )

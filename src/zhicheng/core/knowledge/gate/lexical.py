"""One inverted index (BM25 by tantivy) of numbered texts, each with a body and a head that counts more.

Texts come as terms, cut by `engines.text.questions`; what stands in a text is not kept beyond its `stored` payload.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tantivy

_HEAP_BYTES = 64_000_000
_MOST_COUNTS = 50_000  # terms whose frequency is remembered
_SATURATED = 2.2  # k1 + 1: what a term is worth at most, beside its rarity

Numbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LexicalEntry:
    """A text to be indexed: `number` of its document, its `place` there, its kind and terms, and what is kept of it."""

    number: int
    place: int
    kind: str
    body: Sequence[str]
    head: Sequence[str] = ()
    stored: str = ""


@dataclass(frozen=True)
class Found:
    """Texts found: document numbers, places and scores between 0 and about 1, best first."""

    numbers: Numbers
    places: Numbers
    scores: Scores


class LexicalIndex:
    """An index in a folder. Any number of processes read it; one at a time may write."""

    def __init__(self, folder: Path, *, head_weight: float = 0.0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(_schema(), str(folder), reuse=True)
        self._index.register_tokenizer("terms", _blanks())
        self._shares = [("body", 1.0), ("head", head_weight)] if head_weight else [("body", 1.0)]
        self.reload()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def reload(self) -> None:
        """See what was committed last."""
        self._index.reload()
        self._searcher = self._index.searcher()
        self._counts: dict[str, int] = {}

    def write(self, entries: Iterable[LexicalEntry], replaced: Iterable[int] = ()) -> None:
        """Take the texts of `replaced` documents out, put `entries` in; readers see all of it at once."""
        writer = self._index.writer(_HEAP_BYTES, 1)
        for number in replaced:
            writer.delete_documents_by_term("number", number)
        for entry in entries:
            writer.add_document(
                tantivy.Document(
                    number=entry.number,
                    place=entry.place,
                    kind=entry.kind,
                    body=" ".join(entry.body),
                    head=" ".join(entry.head),
                    stored=entry.stored,
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        self.reload()

    def search(self, terms: Mapping[str, float], limit: int, kinds: Sequence[str] = ()) -> Found:
        """The best texts for the weighted terms of a question."""
        best = sum(weight * self.rarity(term) for term, weight in terms.items()) * _SATURATED
        if not best or not len(self):
            return NOTHING
        searcher = self._searcher
        found = searcher.search(self._query(terms, kinds), limit, count=False).hits
        addresses = [address for _, address in found]
        return Found(
            np.array(searcher.fast_field_values("number", addresses), np.int64),
            np.array(searcher.fast_field_values("place", addresses), np.int64),
            np.array([score for score, _ in found]) / best,
        )

    def stored(self, number: int, place: int) -> str:
        """What was kept of one text; empty where there is none."""
        schema = self._index.schema
        wanted = [
            tantivy.Query.term_query(schema, name, value) for name, value in (("number", number), ("place", place))
        ]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in wanted])
        hits = self._searcher.search(query, 1, count=False).hits
        return str(self._searcher.doc(hits[0][1]).get_first("stored")) if hits else ""

    def knows(self, term: str) -> bool:
        """Whether any text has a term."""
        return self._count(term) > 0

    def share(self, term: str) -> float:
        """In which share of the texts a term stands, 0 to 1."""
        return self._count(term) / max(1, len(self))

    def rarity(self, term: str) -> float:
        """The weight that BM25 gives a term: greater for what stands in fewer texts."""
        count = self._count(term)
        return math.log1p((len(self) - count + 0.5) / (count + 0.5))

    def _count(self, term: str) -> int:
        """In how many texts a term stands; one search asks for the same terms again and again."""
        known = self._counts
        count = known.get(term)
        if count is None:
            if len(known) >= _MOST_COUNTS:
                known.clear()
            known[term] = count = max(self._searcher.doc_freq(name, term) for name, _ in self._shares)
        return count

    def _query(self, terms: Mapping[str, float], kinds: Sequence[str]) -> tantivy.Query:
        schema = self._index.schema
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for term, weight in terms.items():
            for name, share in self._shares:
                wanted = tantivy.Query.term_query(schema, name, term, "freq")
                parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(wanted, weight * share)))
        wanted = tantivy.Query.boolean_query(parts)
        if not kinds:
            return wanted
        allowed = tantivy.Query.term_set_query(schema, "kind", list(kinds))
        narrowed = [(tantivy.Occur.Must, wanted), (tantivy.Occur.Must, tantivy.Query.const_score_query(allowed, 0.0))]
        return tantivy.Query.boolean_query(narrowed)


NOTHING = Found(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", indexed=True, fast=True)
    builder.add_integer_field("place", indexed=True, fast=True)
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("body", tokenizer_name="terms", index_option="freq")
    builder.add_text_field("head", tokenizer_name="terms", index_option="freq")
    builder.add_text_field("stored", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _blanks() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()

"""Term counts of training texts, made once; every fold of a cross-validation weighs its own share of them."""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from zhicheng.engines.text.features import Reading, View, terms
from zhicheng.engines.text.vocabulary import Floats, Vocabulary

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ViewCounts:
    """How often each term stands in each text: float32 CSR (texts, terms), terms sorted."""

    view: View
    terms: npt.NDArray[np.object_]
    counts: sparse.csr_array


def count_terms(readings: Sequence[Reading], view: View) -> ViewCounts:
    """Count the terms of one view.

    >>> from zhicheng.engines.text.features import read
    >>> texts = [read("噪音扰民", 99), read("噪音", 99)]
    >>> count_terms(texts, View("word")).counts.toarray().tolist()
    [[1.0, 1.0], [1.0, 0.0]]
    """
    index: dict[str, int] = {}
    columns, values, starts = array("i"), array("f"), array("i", [0])
    for reading in readings:
        counted = Counter(terms(reading, view))
        columns.extend(index.setdefault(term, len(index)) for term in counted)
        values.extend(counted.values())
        starts.append(len(columns))
    known = np.array(list(index), object)
    order = np.argsort(known)
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order))
    found = place[np.frombuffer(columns, np.int32)] if columns else np.empty(0, np.int32)
    parts = (np.array(values, np.float32), found, np.array(starts, np.int32))
    counts = sparse.csr_array(parts, shape=(len(readings), len(order)))
    counts.sort_indices()
    return ViewCounts(view, known[order], counts)


def weigh(views: Sequence[ViewCounts], rows: Rows, max_characters: int) -> tuple[Vocabulary, sparse.csr_array]:
    """The vocabulary that the texts `rows` teach, and the vectors of **all** texts in it.

    The vectors are those that `Vocabulary.vector` makes.
    Inverse document frequency is log((1 + n) / (1 + texts with the term)) + 1.
    """
    kept_terms, weights, blocks = [], [], []
    for one in views:
        texts_with = np.bincount(one.counts[rows].indices, minlength=len(one.terms))
        kept = np.flatnonzero(texts_with >= one.view.min_texts)
        rarity = (np.log((1 + len(rows)) / (1 + texts_with[kept])) + 1).astype(np.float32)
        kept_terms.append(tuple(one.terms[kept].tolist()))
        weights.append(rarity)
        blocks.append(_scaled(one.counts[:, kept], rarity, one.view.weight))
    joined = sparse.hstack(blocks, format="csr", dtype=np.float32)
    joined.indices, joined.indptr = joined.indices.astype(np.int32), joined.indptr.astype(np.int32)
    views_of = tuple(one.view for one in views)
    return Vocabulary(views_of, tuple(kept_terms), np.concatenate(weights), max_characters), joined


def _scaled(counts: sparse.csr_array, rarity: Floats, weight: float) -> sparse.csr_array:
    values = (1 + np.log(counts.data)) * rarity[counts.indices]
    row_of = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(row_of, weights=values * values, minlength=counts.shape[0]))
    scale = weight / np.where(lengths > 0, lengths, 1)
    scaled = (values * scale[row_of]).astype(np.float32)
    return sparse.csr_array((scaled, counts.indices, counts.indptr), shape=counts.shape)

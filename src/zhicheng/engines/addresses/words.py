"""Where each token of an address stands in its word, as segmentation sees the words."""

from collections.abc import Iterator, Sequence

from zhicheng.engines.text.sounds import cut


def words_over(tokens: Sequence[str]) -> Iterator[tuple[str, str]]:
    """For each token: where it stands in its word (B or I, E or M), and the word.

    >>> list(words_over(["云", "城", "市"]))[0][0] in ("BM", "BE")
    True
    """
    words = cut("".join(tokens))
    index, begin, at = 0, 0, 0
    for token in tokens:
        while begin + len(words[index]) <= at:
            begin += len(words[index])
            index += 1
        end = begin + len(words[index])
        yield ("B" if at == begin else "I") + ("E" if end <= at + len(token) else "M"), words[index]
        at += len(token)

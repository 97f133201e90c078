"""How a text that is being typed may go on: known words that begin with its last characters."""

from zhicheng.engines.commands.tokens import Lexicon, normal

_LONGEST = 8
_KINDS = ("table", "code", "place", "column", "phrase", "figure", "extreme")


def complete(text: str, lexicon: Lexicon, limit: int) -> tuple[str, ...]:
    """The text with each word that may end it; the more of a word is typed already the better."""
    plain = normal(text).rstrip()
    found: dict[str, None] = {}
    for length in range(min(_LONGEST, len(plain)), 0, -1):
        head, tail = plain[: len(plain) - length], plain[len(plain) - length :]
        for word in _beginning(tail, lexicon):
            found.setdefault(text[: len(head)] + word)
            if len(found) >= limit:
                return tuple(found)
        if found:
            break
    return tuple(found)


def _beginning(tail: str, lexicon: Lexicon) -> list[str]:
    words = [word for word in lexicon.starting(tail) if len(word) > len(tail)]
    return sorted(words, key=lambda word: (_rank(word, lexicon), len(word), word))


def _rank(word: str, lexicon: Lexicon) -> int:
    kinds = {meaning.kind for meaning in lexicon.words[word]}
    return min((_KINDS.index(kind) for kind in kinds if kind in _KINDS), default=len(_KINDS))

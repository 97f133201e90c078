"""What to say instead of words that were not understood: known words written alike, or sounding alike."""

from collections import Counter

from zhicheng.engines.commands.tokens import Lexicon, Token
from zhicheng.engines.text.sounds import syllables

_MOST = 5
_ALIKE = 0.6
_SHORTEST = 2


def suggest_instead(tokens: list[Token], lexicon: Lexicon) -> tuple[str, ...]:
    """Known words that share most characters with those that were not understood, the most alike first."""
    found: dict[str, None] = {}
    for token in tokens[:3]:
        if len(token.text) >= _SHORTEST:
            for word in _alike(token.text, lexicon):
                found[word] = None
    return tuple(found)[:_MOST]


def _alike(text: str, lexicon: Lexicon) -> list[str]:
    shared: Counter[str] = Counter()
    for character in {*text}:
        shared.update(lexicon.holding(character))
    scored = [(2 * common / (len(text) + len(word)), word) for word, common in shared.items() if common >= _SHORTEST]
    return [word for score, word in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score >= _ALIKE][:3]


def sounding(text: str, lexicon: Lexicon) -> str:
    """The one known word that sounds exactly like a text; empty if there is none, or several."""
    if len(text) < _SHORTEST:
        return ""
    found = lexicon.sounds().get(" ".join(syllables(text)), ())
    return found[0] if len(found) == 1 else ""

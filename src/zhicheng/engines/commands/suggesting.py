"""What to say instead of words that were not understood, and how a text that is being typed may go on."""

from difflib import get_close_matches

from zhicheng.engines.commands.tokens import Lexicon, Token

_MOST = 5


def suggest_instead(tokens: list[Token], lexicon: Lexicon) -> tuple[str, ...]:
    """Known words that look like those that were not understood, the most alike first."""
    found: dict[str, None] = {}
    for token in tokens[:3]:
        if len(token.text) < 2:
            continue
        near = [word for word in lexicon.words if abs(len(word) - len(token.text)) <= 2 and set(word) & set(token.text)]
        for word in get_close_matches(token.text, near, n=3, cutoff=0.5):
            found[word] = None
    return tuple(found)[:_MOST]

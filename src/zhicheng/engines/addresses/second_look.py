"""What a first reading of an address tells a second one: whole parts, their neighbours, what is named twice."""

from collections.abc import Iterator, Sequence

from zhicheng.engines.addresses.features import Features
from zhicheng.engines.addresses.lexicon import Lexicon
from zhicheng.engines.addresses.spans import BEGIN, INSIDE, Span, spans_of
from zhicheng.engines.addresses.tokens import shape_of

_LONG = 8


def second_features(tokens: Sequence[str], marks: Sequence[str], lexicon: Lexicon) -> Features:
    """Features of each token that the marks of a first reading (one a token) give; to be added to those of the text."""
    told: Features = [[] for _ in tokens]
    spans = list(spans_of(marks)) if marks else []
    for index, span in enumerate(spans):
        features = [*_of_span(tokens, span, lexicon), *_of_neighbours(tokens, spans, index)]
        for at in range(span.start, span.end):
            mark = BEGIN if at == span.start else INSIDE
            told[at] += [mark + feature for feature in features]
            told[at].append(f"i={span.tag}{at - span.start}_{span.end - 1 - at}")
    for at, features in enumerate(told):
        features += _of_marks(marks, at)
    return told


def _of_span(tokens: Sequence[str], span: Span, lexicon: Lexicon) -> Iterator[str]:
    within = tokens[span.start : span.end]
    text = "".join(shape_of(token) for token in within)
    known = lexicon.find("".join(within))
    yield f"t={span.tag}"
    yield f"l={span.tag}{min(len(within), _LONG)}"
    yield f"x={text}"
    yield f"x0={span.tag}{text[0]}"
    yield f"x-1={span.tag}{text[-1]}"
    yield f"x-2={span.tag}{text[-2:]}"
    yield f"n={span.tag}|{known.tag if known is not None else '-'}"


def _of_neighbours(tokens: Sequence[str], spans: Sequence[Span], index: int) -> Iterator[str]:
    tag, before, after = spans[index].tag, spans[:index], spans[index + 1 :]
    left = [*(["^", "^"] + [span.tag for span in before])[-2:]]
    right = ([span.tag for span in after] + ["$", "$"])[:2]
    yield f"s-1={left[1]}>{tag}"
    yield f"s1={tag}>{right[0]}"
    yield f"s0={left[1]}>{tag}>{right[0]}"
    yield f"s-2={left[0]}>{left[1]}>{tag}"
    yield f"s2={tag}>{right[0]}>{right[1]}"
    later, earlier = {span.tag for span in after}, {span.tag for span in before}
    yield f"a={tag}:{'+'.join(sorted(later))}"
    yield f"b={tag}:{'+'.join(sorted(earlier))}"
    again = _is_named_again(tokens, spans[index], after)
    yield f"r={tag}{tag in later:d}{tag in earlier:d}{again:d}"


def _is_named_again(tokens: Sequence[str], span: Span, later: Sequence[Span]) -> bool:
    stem = list(tokens[span.start : span.end][:2])
    return len(stem) > 1 and any(list(tokens[other.start : other.end][:2]) == stem for other in later)


def _of_marks(marks: Sequence[str], at: int) -> Iterator[str]:
    def mark(place: int) -> str:
        return marks[place] if 0 <= place < len(marks) else "#"

    for step in (-2, -1, 1, 2):
        yield f"m{step}={mark(at + step)}"
    yield f"m0={mark(at - 1)}{marks[at]}{mark(at + 1)}"

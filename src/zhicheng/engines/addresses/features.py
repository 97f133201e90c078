"""What is told to the learner about each token of an address: short strings that mean nothing elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import rjieba

from zhicheng.engines.addresses.lexicon import Lexicon, Match
from zhicheng.engines.addresses.tokens import ENDINGS, kind_of, shape_of

Features = list[list[str]]
_WINDOW = 3
_FAR = 6
_NEAR = 4
_LETTER = {"prov": "P", "city": "C", "district": "D", "town": "T", "country": "K"}


def features_of(tokens: Sequence[str], lexicon: Lexicon) -> Features:
    """A list of features for each token; empty for no tokens.

    They say: what stands here and around; the word that segmentation sees; which ending of a name comes next and which
    came before; known names here; what is said twice; and the divisions that are named, in their order.
    """
    told: Features = [["always"] for _ in tokens]
    if tokens:
        _tell_surroundings(tokens, told)
        words = list(words_over(tokens))
        _tell_words(words, told)
        _tell_endings(tokens, [part for part, *_ in words], told)
        _tell_names(tokens, lexicon, told)
        _tell_repeats(tokens, told)
        _tell_divisions(tokens, lexicon.divisions_in(tokens), told)
    return told


def _tell_surroundings(tokens: Sequence[str], told: Features) -> None:
    shapes, kinds = [shape_of(token) for token in tokens], [kind_of(token) for token in tokens]
    shape, kind = _around(shapes), _around(kinds)
    last = len(tokens) - 1
    for at, features in enumerate(told):
        for step in range(-_WINDOW, _WINDOW + 1):
            features.append(f"u{step}={shape(at + step)}")
        for step in range(-_WINDOW, _WINDOW):
            features.append(f"b{step}={shape(at + step)}{shape(at + step + 1)}")
        for name, steps in _GROUPS:
            features.append(name + "".join(shape(at + step) for step in steps))
        for step in range(-2, 3):
            features.append(f"k{step}={kind(at + step)}")
        features.append("k3=" + "".join(kind(at + step) for step in range(-1, 2)))
        features.append("k5=" + "".join(kind(at + step) for step in range(-2, 3)))
        features += [f"from={min(at, _NEAR)}", f"to={min(last - at, _NEAR)}"]
        if kinds[at] == "p":
            features.append("sign=" + tokens[at])


_GROUPS = (
    ("t-2=", (-2, -1, 0)),
    ("t-1=", (-1, 0, 1)),
    ("t0=", (0, 1, 2)),
    ("q-2=", (-2, -1, 0, 1)),
    ("q-1=", (-1, 0, 1, 2)),
    ("q0=", (0, 1, 2, 3)),
    ("gap=", (-1, 1)),
)


def _around(values: Sequence[str]) -> Callable[[int], str]:
    """Reads beyond both ends: ^ just before the first, $ just behind the last, # further away."""

    def at(place: int) -> str:
        if 0 <= place < len(values):
            return values[place]
        return "^" if place == -1 else "$" if place == len(values) else "#"

    return at


def _tell_words(words: Sequence[tuple[str, str, str, str]], told: Features) -> None:
    for features, (part, word, before, after) in zip(told, words, strict=True):
        features += [f"part={part}", f"w={word}", f"wp={word}{part}", f"w-1={before}", f"w1={after}"]
        features += [f"we={word[-1]}{part}", f"wl={min(len(word), _NEAR)}{part}"]
        features += [f"we-1={before[-1]}{part}", f"we1={after[-1]}{part}", f"ww={word}|{after}", f"pw={before}|{word}"]


def words_over(tokens: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """For each token: where it stands in its word (B or I, E or M), the word, the one before and the one behind."""
    words: list[str] = ["^", *rjieba.cut("".join(tokens)), "$"]
    index, begin, at = 1, 0, 0
    for token in tokens:
        while begin + len(words[index]) <= at:
            begin += len(words[index])
            index += 1
        word, end = words[index], begin + len(words[index])
        part = ("B" if at == begin else "I") + ("E" if end <= at + len(token) else "M")
        yield part, word, words[index - 1], words[index + 1]
        at += len(token)


def _tell_endings(tokens: Sequence[str], parts: Sequence[str], told: Features) -> None:
    following = _next_endings(tokens)
    shape = _around([shape_of(token) for token in tokens])
    passed: list[str] = ["-"]
    for at, features in enumerate(told):
        part, ending = parts[at], following[at]
        features += [f"e-1={passed[-1]}", "e-2=" + "".join(passed[-2:]), "e-3=" + "".join(passed[-3:]) + part]
        if ending is None:
            features += ["e=-", f"e*=-|{passed[-1]}"]
        else:
            after = following[ending + 1] if ending + 1 < len(tokens) else None
            name = tokens[ending]
            features += [f"e={name}", f"ed={name}{min(ending - at, _FAR)}", f"en={name}{shape(ending + 1)}"]
            features += [f"e*={name}|{passed[-1]}", f"ep={name}|{passed[-1]}{part}"]
            features.append(f"ee={name}{tokens[after] if after is not None else '-'}")
        if tokens[at] in ENDINGS:
            passed.append(tokens[at])


def _next_endings(tokens: Sequence[str]) -> list[int | None]:
    """The place of the next ending of a name, at each place; a sign in between hides it."""
    found: list[int | None] = [None] * len(tokens)
    ahead: int | None = None
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at] in ENDINGS:
            ahead = at
        elif kind_of(tokens[at]) == "p":
            ahead = None
        found[at] = ahead
    return found


def _tell_names(tokens: Sequence[str], lexicon: Lexicon, told: Features) -> None:
    longest: list[Match | None] = [None] * len(tokens)
    for start in range(len(tokens)):
        match = lexicon.longest_from(tokens, start)
        if match is None:
            continue
        tag, length = match.name.tag, match.end - start
        told[start] += [f"nb={tag}", f"nb={tag}{length}"]
        told[match.end - 1].append(f"ne={tag}")
        if match.end < len(tokens):
            told[match.end].append(f"na={tag}")
        for at in range(start, match.end):
            known = longest[at]
            if known is None or length > known.end - known.start:
                longest[at] = match
    for at, best in enumerate(longest):
        told[at] += _of_name(best, at)


def _of_name(match: Match | None, at: int) -> list[str]:
    if match is None:
        return ["n=-"]
    mark = match.name.tag + ("B" if match.start == at else "I")
    return [f"n={mark}", f"n={mark}{min(match.end - match.start, 5)}{min(match.name.seen, 3)}"]


def _tell_repeats(tokens: Sequence[str], told: Features) -> None:
    """Whether two characters are said again later, or were said before: 浙江省杭州市浙江省杭州市西湖区."""
    pairs = [one + other for one, other in pairwise(tokens)] + [""]
    last = {pair: at for at, pair in enumerate(pairs)}
    first = {pair: at for at, pair in reversed(list(enumerate(pairs)))}
    told_again = [pair.isalnum() and not pair.isascii() for pair in pairs]
    later = [ok and last[pair] > at for at, (pair, ok) in enumerate(zip(pairs, told_again, strict=True))]
    before = [ok and first[pair] < at for at, (pair, ok) in enumerate(zip(pairs, told_again, strict=True))]
    for at, features in enumerate(told):
        left = max(at - 1, 0)
        comes, came = later[at] or later[left], before[at] or before[left]
        features += [f"r={comes:d}{came:d}", f"r={comes:d}{came:d}{shape_of(tokens[at])}"]
        if comes or came:
            right = min(at + 1, len(tokens) - 1)
            features.append(f"rr={later[at]:d}{before[at]:d}{later[right]:d}{before[right]:d}")


def _tell_divisions(tokens: Sequence[str], matches: Sequence[Match], told: Features) -> None:
    levels = "".join(_LETTER[match.name.tag] for match in matches)
    inside = set[int]()
    for index, match in enumerate(matches):
        features = _of_division(matches, index, levels)
        features.append(f"{features[2]}{'-' if matches[-1].end < len(tokens) else '$'}")  # is anything said behind them
        for at in range(match.start, match.end):
            inside.add(at)
            mark = "B" if at == match.start else "I"
            told[at] += [feature + mark for feature in features]
    passed = 0
    for at in range(len(tokens)):
        while passed < len(matches) and matches[passed].end <= at:
            passed += 1
        if at not in inside:
            before, after = levels[:passed], levels[passed:]
            told[at] += [f"o={before}|{after}", f"ol={before[-1:]}{bool(after):d}"]
            if passed and matches[passed - 1].end == at:
                told[at].append("oa=" + before[-1])


def _of_division(matches: Sequence[Match], index: int, levels: str) -> list[str]:
    """The division among the others: is it, or is one of its level, named again; what stands left and right of it."""
    match, level, stem = matches[index], levels[index], matches[index].text[:2]
    before, after = levels[:index], levels[index + 1 :]
    again = ("L" if any(other.text.startswith(stem) for other in matches[index + 1 :]) else "") + (
        "E" if any(other.text.startswith(stem) for other in matches[:index]) else ""
    )
    same = ("l" if level in after else "") + ("e" if level in before else "")
    joined = "j" if index + 1 < len(matches) and matches[index + 1].start == match.end else ""
    return [
        f"d={level}{again}",
        f"ds={level}{same}",
        f"da={level}{again}{same}{joined}",
        f"d@={levels}@{index}",
        f"dl={before}@",
        f"dr=@{level}{after}",
        f"d3={before[-2:]}@{level}{after[:2]}",
    ]

"""Which division stands for a level where a city lacks it: not every city has districts, or communities."""

from collections.abc import Sequence

from zhicheng.core.places.values import LEVELS


def standing_levels(known: Sequence[tuple[str, str]], *, has_finer: bool) -> list[tuple[str, str]]:
    """A place as (code, level), one for each level, finest first, from the divisions that are known of it.

    A level that the city does not have there is stood for by the next wider division. A level that it has, but that
    is not known of this place (`has_finer`), stays out: a person must find out.

    >>> standing_levels([("990101001", "street"), ("990100", "city")], has_finer=False)
    [('990101001', 'community'), ('990101001', 'street'), ('990100', 'district'), ('990100', 'city')]
    >>> standing_levels([("990101", "district"), ("990100", "city")], has_finer=True)
    [('990101', 'district'), ('990100', 'city')]
    """
    finest = max((LEVELS.index(level) for _, level in known), default=-1)
    found = []
    for index in range(len(LEVELS) - 1, -1, -1):
        wider = [code for code, level in known if LEVELS.index(level) <= index]
        if wider and (index <= finest or not has_finer):
            found.append((wider[0], LEVELS[index]))
    return found

"""Whether a question is one that the city's services answer."""

from math import exp, log

_SURE = 1e-6


def belonging(on_topic: float, outside: float | None) -> float:
    """The probability that a question belongs here, 0 to 1.

    `on_topic`: the probability that what was found is about its subject; `outside`: cosine with the nearest example of
    a question that does not belong here, None where there is none to compare with. Logistic, fitted on residents'
    questions and on questions about other things, with examples that are in neither (docs/adr/0047).

    >>> belonging(0.9, 0.7) < 0.1 < 0.9 < belonging(0.9, 0.4)
    True
    """
    if outside is None:
        return on_topic
    sure = min(max(on_topic, _SURE), 1 - _SURE)
    odds = 0.85 * log(sure / (1 - sure)) - 22.6 * outside + 11.7
    return 1 / (1 + exp(-odds))

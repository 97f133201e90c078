"""Doing the same for each of many, where one that fails must not keep the others from their turn."""

from collections.abc import Callable, Iterable
from typing import TypeVar

_Item = TypeVar("_Item")


def each_in_turn(items: Iterable[_Item], act: Callable[[_Item], int], faults: tuple[type[Exception], ...]) -> int:
    """Do it for each; the sum of what was done.

    Raises:
        Exception: the first of `faults` that was raised, with notes of the others, after all had their turn.
    """
    done, failed = 0, []
    for item in items:
        try:
            done += act(item)
        except faults as error:
            error.add_note(f"at {item}")
            failed.append(error)
    if failed:
        first, *others = failed
        for other in others:
            first.add_note(f"and {type(other).__name__}: {other} {' '.join(other.__notes__)}")
        raise first
    return done

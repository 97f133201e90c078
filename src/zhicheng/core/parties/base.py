"""What may be plugged into parties: the door of sign-in codes, and other packages' sealed rows."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class CodeSender(Protocol):
    """Takes a message to a telephone. Raises `CodeNotSent` when the provider refuses it."""

    def __call__(self, to: str, text: str, *, now: datetime) -> None:
        """Hand the message over; return when the provider has taken it."""


# Re-seals up to a number of another package's rows under the key with this id; how many are still under another key.
Reseal = Callable[[int, int], int]

"""What may be plugged into parties: the door through which sign-in codes leave."""

from datetime import datetime
from typing import Protocol


class CodeSender(Protocol):
    """Takes a message to a telephone. Raises `CodeNotSent` when the provider refuses it."""

    def __call__(self, to: str, text: str, *, now: datetime) -> None:
        """Hand the message over; return when the provider has taken it."""

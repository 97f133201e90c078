"""A registry that refuses bad entries when they are made, not when they are used."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things of one kind, in the order they were added.

    >>> doors: Registry[int] = Registry("door")
    >>> doors.add("sms", 1)
    >>> doors["sms"]
    1
    >>> doors.add("sms", 2)
    Traceback (most recent call last):
        ...
    ValueError: door 'sms' is registered twice
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def add(self, code: str, entry: T) -> None:
        """Add one entry.

        Raises:
            ValueError: the code is empty, longer than 64 characters, or taken.
        """
        if not code or len(code) > 64:
            raise ValueError(f"{self.kind} code {code!r} must have 1 to 64 characters")
        if code in self._entries:
            raise ValueError(f"{self.kind} {code!r} is registered twice")
        self._entries[code] = entry

    def __getitem__(self, code: str) -> T:
        try:
            return self._entries[code]
        except KeyError:
            known = ", ".join(self._entries) or "none"
            raise KeyError(f"no {self.kind} {code!r}; known: {known}") from None

    def __contains__(self, code: object) -> bool:
        return code in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def codes(self) -> list[str]:
        """All codes, in order of registration."""
        return list(self._entries)

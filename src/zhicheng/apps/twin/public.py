"""The only door to the twin."""

__all__: list[str] = []

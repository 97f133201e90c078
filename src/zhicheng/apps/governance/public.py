"""The only door to governance."""

__all__: list[str] = []

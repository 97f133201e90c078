"""Composition root: the only place that knows all floors."""

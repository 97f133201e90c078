"""A seeded population: people in households and the companies they work for, as columns.

Deterministic: the same figures, seed, day and chunk give the same rows, in any number of processes. Everything here
is simulated; the few figures with a source are named in the pack's `lake/population/figures.yaml`.
"""

"""Rules: dated, sourced expressions in a small checked subset of SQL, decided for one with reasons or for all at once.

Pure: no clock (the day is an argument), no I/O. `book` reads and checks, `evaluation` decides for one, `bulk` writes
one DuckDB query for a whole table. What does not belong here: files, packs, who may ask.
"""

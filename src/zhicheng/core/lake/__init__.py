"""The lake: analytical tables with a declared schema, versioned on disk, queried with DuckDB.

An *entity table* is declared in the city pack (`lake/*.yaml`); its columns are the facts that rules read. Every
write makes a new version whole or not at all, old versions stay readable, and a row that does not fit is listed
with its reason instead of being dropped. No names, telephone or ID numbers live here: people are keyed hashes.
"""

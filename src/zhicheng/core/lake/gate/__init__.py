"""The only part of the lake that touches its files: data files, key indexes, versions, DuckDB."""

"""Ground of ingest: compiled loops over bytes and columns. No files, no sockets, no clock."""

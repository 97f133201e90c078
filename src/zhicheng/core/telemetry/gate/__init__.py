"""Files and sockets of ingest: columns by stream, the key table, the write-ahead log, the lake table, JetStream."""

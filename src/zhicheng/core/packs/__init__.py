"""Load, check, compare and install a city pack; definitions pinned by content hash."""

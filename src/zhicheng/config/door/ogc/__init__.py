"""OGC API over the city's layers: features, tiles, downloads; each layer by its rule, each call counted."""

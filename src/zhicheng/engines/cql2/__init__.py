"""CQL2 (OGC 21-065r2): filters in text and JSON, checked against a layer's columns, evaluated as masks over arrays."""

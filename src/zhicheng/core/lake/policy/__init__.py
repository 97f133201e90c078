"""Pure decisions of the lake: schemas, casting, hashing of keys."""

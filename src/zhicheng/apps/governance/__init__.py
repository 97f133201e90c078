"""City governance: indicators defined once, computed over the lake, explained to the row."""

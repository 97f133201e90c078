"""Forms: what people fill in, the materials they add, and where each value came from. Knows no service."""

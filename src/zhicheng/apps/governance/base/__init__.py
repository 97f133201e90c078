"""What governance reads from a pack folder."""

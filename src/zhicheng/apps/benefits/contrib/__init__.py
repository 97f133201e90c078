"""Ways to a bank."""

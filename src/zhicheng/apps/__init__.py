"""What departments do, composed from the core."""

"""What places read from a pack folder, and what they keep it as."""

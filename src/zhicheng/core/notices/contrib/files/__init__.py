"""The embedded provider: messages become files."""

"""Files of the twin."""

"""Pure decisions of the twin."""

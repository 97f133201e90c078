"""What the views of all three faces share: preferences of the reader."""

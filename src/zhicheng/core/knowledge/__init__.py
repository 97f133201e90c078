"""What the city knows: documents and the search over them; the classifier of what a text is about."""

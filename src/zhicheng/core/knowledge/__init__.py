"""What a text is about: the classifier trained on the pack and on confirmed cases."""

"""The API of the twin, a module for each subject."""

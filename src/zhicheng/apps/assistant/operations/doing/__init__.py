"""Things done in conversation: forms filled, appeals told, progress and one's own things shown."""

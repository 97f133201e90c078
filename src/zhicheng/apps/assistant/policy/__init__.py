"""Pure decisions of the assistant: what must not be answered, what is meant, what is said and how it is checked."""

"""Pure decisions of forms: what a definition may say, what the answers hide, what is wrong with a value."""

"""Pure decisions of rules: what is pinned of them, how an outcome is told."""

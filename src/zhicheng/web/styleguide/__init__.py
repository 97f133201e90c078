"""The style guide: every component in every state, every page with illustrative data. Public and harmless."""

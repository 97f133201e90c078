"""Sources, providers and readers that come with the house."""

"""The ten nouns of the city. Packages here know no department."""

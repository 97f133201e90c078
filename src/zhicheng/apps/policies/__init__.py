"""Policies: the library of documents with versions and clauses, matched to a profile, pushed to who agreed."""

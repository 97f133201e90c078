"""Reads of rules: rulebooks, verdicts, runs, comparisons."""

"""Rules: dated, sourced definitions of who is entitled to what; decided for one with reasons, or for everybody at once.

The engine (`engines.rules`) checks and computes; here are the pack's files, pinned versions, facts with sources, runs.
What does not belong here: what follows from a verdict (applications, payments), how facts come into the lake.
"""

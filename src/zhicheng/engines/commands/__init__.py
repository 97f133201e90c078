"""Commands in words: what is sought, where, near what, since when, how measured, grouped and ranked, what to do.

Pure: a text, a vocabulary and the hour in; a typed command out, or what was not understood. Knows no city and no table.
"""

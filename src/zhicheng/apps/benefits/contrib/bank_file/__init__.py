"""The embedded default: a batch file that somebody carries to the bank, a return file that comes back.

Both are CSV in UTF-8 with LF and no quoting; docs/guide/benefits.md has them field by field.
"""

"""An address in words: its parts, the standard levels they fill, and one way to write each.

Pure: strings in, parts out. It knows no city; names of places are given. Where a part lies is for `core.places`.
"""

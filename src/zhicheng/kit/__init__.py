"""Values, errors, clock and identifiers that every floor may use.

Pure: no Django, no input or output beyond the system clock and the system's random source.
"""

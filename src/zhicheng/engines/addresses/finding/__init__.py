"""Which building an address in words names: names by their sound, numbers by what they count, the likeliest house.

Pure: texts and arrays in, ranked rows out. Where the arrays lie on disk is for `core.places`.
"""

"""What a Chinese text is about: features, a calibrated linear classifier, likeness of two texts.

Pure: arrays in, arrays out. Nothing here knows an appeal, a pack or a database.
"""

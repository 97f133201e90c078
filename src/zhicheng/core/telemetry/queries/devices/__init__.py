"""Devices read: models of the pack, lists, one device with its health."""

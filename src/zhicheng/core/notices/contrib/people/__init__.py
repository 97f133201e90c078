"""Contacts of the city's parties."""

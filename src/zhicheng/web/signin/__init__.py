"""Signing in of residents and officials, and what everyone does with the own account."""

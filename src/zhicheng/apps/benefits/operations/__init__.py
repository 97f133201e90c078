"""Writes of benefits."""

"""Verifiable credentials: canonical JSON, signatures, status lists, and what fits into a QR code.

Pure: bytes, JSON values and keys in; values out. Which licences a city issues, where its keys lie and who may
see what belongs to `apps.licences`.
"""

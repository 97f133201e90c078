"""Disclosure on request (依申请公开): requests for government information, under the national regulation."""

"""Reads of cases. Every list and every single case passes `visible_cases`."""

"""Alarms: conditions noticed in the collector, silence noticed by the worker, both raised as cases."""

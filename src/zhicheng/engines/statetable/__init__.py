"""Processes as flat tables of states, actions, guards and clocks; pure functions from a case and an action to a change.

What does not belong here: storing a change, people and units (the caller says what the actor may do), departments.
"""

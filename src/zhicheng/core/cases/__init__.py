"""Anything someone must do by a time: process, clocks, children, history, one write gate."""

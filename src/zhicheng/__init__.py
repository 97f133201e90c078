"""Zhicheng (智城): one program that runs a city's digital government."""

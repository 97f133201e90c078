"""The workbench: what officials work with. One case page serves every kind of case."""

"""The command line: one module a command group, Django loaded only where needed."""

"""The city's twin: layers published as services, commands in words, the registry of twin applications."""

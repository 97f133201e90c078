"""The door: the one address people see. Live events and static files itself, everything else handed to web."""

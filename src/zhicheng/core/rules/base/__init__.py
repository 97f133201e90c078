"""Reading the parts of a pack that rules are written in, and the rulebook that they make together."""

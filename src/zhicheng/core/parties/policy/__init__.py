"""Pure decisions of parties: what is a valid number, what a mask shows, who may be given which role."""

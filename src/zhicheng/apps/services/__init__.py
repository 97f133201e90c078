"""Government services: the catalogue, "one thing" themes, applications and how they are decided."""

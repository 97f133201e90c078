"""Pure decisions of benefits: periods, who is chosen among those who exclude each other, the query that does it."""

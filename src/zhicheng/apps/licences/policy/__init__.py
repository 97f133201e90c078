"""Pure decisions about licences: dates, masks, what a verifier is told."""

"""Messages to a party: in the portal, by SMS, by e-mail."""

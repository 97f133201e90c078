"""Units, people, companies, accounts, roles and delegation; personal fields encrypted."""

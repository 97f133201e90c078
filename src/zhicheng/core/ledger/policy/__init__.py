"""The pure rules of the ledger: canonical form, chain, audit, pace. No database, no files."""

"""What every form value passes on its way into and out of the tables: reading, checking, sealing."""

"""Pure answers over rows of the database. No connection, no clock of its own."""

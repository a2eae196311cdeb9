"""Database access: engine, sessions, transactions and prepared statements."""

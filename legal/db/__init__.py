"""Database access: engine, sessions, transactions and cached statements."""

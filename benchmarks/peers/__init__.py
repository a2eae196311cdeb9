"""Serve the same record with other tools, to compare: minimal, idiomatic apps over the SQLite export."""

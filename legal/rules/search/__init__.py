"""Rules for search: text normalization and ranking."""

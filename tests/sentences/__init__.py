"""Test how sentences are read and held against the record."""

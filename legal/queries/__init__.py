"""Answers questions: reads only, each in a fixed number of statements."""

"""Read a sentence about 287(g) cooperation by rule, and hold it against what is on file."""

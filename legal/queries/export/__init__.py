"""Export the whole record at one revision."""

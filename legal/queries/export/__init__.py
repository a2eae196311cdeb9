"""Read everything published at one revision, for download."""

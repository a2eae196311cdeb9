"""Read the record and present it as JSON. Every read takes a fixed number of statements."""
